using System.Collections.Immutable;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;

namespace Invoicing.Registers.Tlk.Session;

/// <summary>All that a line's session knows. Immutable; times are milliseconds of a clock that never steps.</summary>
internal sealed record TlkState
{
    internal TlkPhase Phase { get; init; } = TlkPhase.Down;

    /// <summary>Counts HELLOs, so that an answer to an older one is recognised.</summary>
    internal int Session { get; init; }

    /// <summary>The newest HELLO that passed: as it came, and as read.</summary>
    internal TlkFrame? HelloFrame { get; init; }

    internal HelloMessage? Hello { get; init; }

    /// <summary>Seals what answers the newest HELLO, which was sealed; <see langword="null"/> if it was not.</summary>
    internal TlkSeal? AnswerSeal { get; init; }

    /// <summary>Seals all other frames of this session; <see langword="null"/> without a session, or in one that is not sealed.</summary>
    internal TlkSeal? Seal { get; init; }

    /// <summary>Nonces of sealed HELLOs on this line, the newest last: what comes again and is not the newest was recorded and played back.</summary>
    internal ImmutableList<string> Nonces { get; init; } = [];

    /// <summary>The WELCOME that answered it, for a repeated HELLO.</summary>
    internal TlkFrame? Welcome { get; init; }

    internal long OpeningSince { get; init; }

    /// <summary>Whether the recorder has been asked about this HELLO.</summary>
    internal bool Asked { get; init; }

    /// <summary>Largest body of this session.</summary>
    internal int MaxBody { get; init; } = TlkFrame.DefaultMaxBody;

    /// <summary>Everything up to here is durable.</summary>
    internal ulong Durable { get; init; }

    /// <summary>The next sequence to accept.</summary>
    internal ulong Expected { get; init; }

    /// <summary>Accepted and not answered, in order.</summary>
    internal ImmutableList<TlkPending> Pending { get; init; } = [];

    /// <summary>Calls of the recorder that have not ended, of this and former sessions.</summary>
    internal int InRecorder { get; init; }

    internal int NextTicket { get; init; }

    internal TlkAssembly? Assembly { get; init; }

    /// <summary>What the register knows to be recorded and has to send again, up to here; 0 for nothing.</summary>
    internal ulong RecoverTo { get; init; }

    internal TlkOpenGet? Get { get; init; }

    /// <summary>End of the run that HAVE announced.</summary>
    internal ulong RunTo { get; init; }

    internal byte Txn { get; init; }

    internal uint PingCounter { get; init; }

    /// <summary>PINGs sent since something valid was heard; the newest one's transaction is <see cref="PingTxn"/>.</summary>
    internal int Pings { get; init; }

    internal byte PingTxn { get; init; }

    internal long HeardAt { get; init; }

    /// <summary>What the register said last of itself in this session.</summary>
    internal TlkReport? Report { get; init; }

    /// <summary>When to ask it; when to set its clock; when to look whether it is due a lease.</summary>
    internal long AskDue { get; init; }

    internal TlkOpenRequest? Ask { get; init; }

    internal long? TimeDue { get; init; }

    /// <summary>The TIME that waits for TIMED; its pause is that to the next.</summary>
    internal TlkOpenRequest? Time { get; init; }

    internal long? LeaseDue { get; init; }

    /// <summary>Whether the recorder has been asked for a lease.</summary>
    internal bool IsOfferAsked { get; init; }

    internal TlkOpenRequest? Lease { get; init; }

    /// <summary>The lease that waits for LEASED, or was taken last in this session.</summary>
    internal ulong LeaseId { get; init; }

    internal ulong TakenLease { get; init; }

    internal long? BusyAt { get; init; }

    internal long? GapNakAt { get; init; }

    internal ulong GapNakFor { get; init; }

    internal long? SessionNakAt { get; init; }

    internal long? VersionNakAt { get; init; }

    internal long? ErrorAt { get; init; }

    /// <summary>The sequence whose conflict stopped the line in this session.</summary>
    internal ulong? ConflictSeq { get; init; }

    internal string StopReason { get; init; } = string.Empty;

    /// <summary>The HELLO and the durable sequence for which "behind" was noted, so that a register that asks each minute is noted once.</summary>
    internal (ulong Epoch, ulong Newest, ulong Durable)? BehindNoted { get; init; }
}
