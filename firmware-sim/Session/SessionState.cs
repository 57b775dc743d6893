using System.Collections.Immutable;
using FirmwareSim.Bytes;
using FirmwareSim.Messages;

namespace FirmwareSim.Session;

/// <summary>All that a session remembers from step to step. Immutable.</summary>
internal sealed record SessionState
{
    public Phase Phase { get; init; } = Phase.Down;

    /// <summary>Last number given to a request of ours.</summary>
    public byte Txn { get; init; }

    /// <summary>The open HELLO, in GREETING and STOPPED.</summary>
    public Greeting? Greeting { get; init; }

    /// <summary>When the next new HELLO is due, after a refusal.</summary>
    public long? HelloAt { get; init; }

    /// <summary>When the last valid frame came.</summary>
    public long HeardAt { get; init; }

    /// <summary>PINGs sent into the present silence.</summary>
    public int Pings { get; init; }

    public byte PingTxn { get; init; }

    public uint PingCounter { get; init; }

    public bool PingOpen { get; init; }

    public byte Window { get; init; } = 1;

    public int MaxBody { get; init; } = Frame.DefaultMaxBody;

    /// <summary>Rising in seq, except that a GET's records stand before those sent later.</summary>
    public ImmutableArray<UnderWay> UnderWay { get; init; } = [];

    /// <summary>First sequence that this session has not sent by itself.</summary>
    public ulong NextSeq { get; init; }

    public long ResendInterval { get; init; } = Timing.FirstResend;

    /// <summary>BUSY: no resend before this.</summary>
    public long HoldUntil { get; init; }

    /// <summary>NAK 3 or 5: no REC at all before this, then all again.</summary>
    public long? PauseUntil { get; init; }

    /// <summary>RECOVERING: the sequence up to which the gateway must get everything again.</summary>
    public ulong RecoverTo { get; init; }

    /// <summary>RECOVERING: up to here everything was answered or is not present.</summary>
    public ulong RecoveredTo { get; init; }

    public RecoveryRun? Run { get; init; }

    public ImmutableDictionary<FrameType, CachedReply> Replies { get; init; } = ImmutableDictionary<FrameType, CachedReply>.Empty;

    /// <summary>Key of a sealed session.</summary>
    public byte[]? SealKey { get; init; }

    /// <summary>The register has a pairing key.</summary>
    public bool IsPaired { get; init; }

    /// <summary>A paired register without a session shares no key with anybody: it can say HELLO, and nothing else.</summary>
    public bool IsMute => IsPaired && SealKey is null;

    /// <summary>When an unsealed NAK 9 was last believed in a sealed session.</summary>
    public long? HintAt { get; init; }

    /// <summary>Highest lease that was refused in this session.</summary>
    public ulong RefusedLease { get; init; }

    /// <summary>The last TIME of this session, and when it came: the gateway's time only rises.</summary>
    public (DateTimeOffset Clock, long At)? Time { get; init; }

    public long? ErrorAt { get; init; }

    /// <summary>Why the gateway stopped this register; outlives line and session.</summary>
    public string? StopReason { get; init; }

    /// <summary>What the last STATUS said.</summary>
    public Faults ToldFaults { get; init; }

    public byte ToldUsed { get; init; }

    /// <summary>Did a WELCOME come for the last HELLO? In STOPPED, too: what was accepted before the stop is answered, and PING and STATUS go on.</summary>
    public bool HasSession { get; init; }

    /// <summary>Did the gateway welcome us on this line since our last HELLO?</summary>
    public bool InSession => Phase is Phase.Sending or Phase.Recovering;
}
