using Invoicing.Registers.Tlk.Framing;
using Invoicing.Sales;

namespace Invoicing.Registers.Tlk.Session;

/// <summary>What can happen to a session. A closed family.</summary>
internal abstract record TlkInput
{
    private TlkInput()
    {
    }

    /// <summary>The line is open.</summary>
    internal sealed record LineUp : TlkInput;

    /// <summary>The line is gone.</summary>
    internal sealed record LineGone : TlkInput;

    /// <summary>A run of bytes came in.</summary>
    internal sealed record Came(TlkRun Run) : TlkInput;

    /// <summary>The recorder said where the register stands. Clock and nonce are for WELCOME: a step has neither.</summary>
    internal sealed record Stands(int Session, RegisterStanding Standing, DateTimeOffset Clock, ReadOnlyMemory<byte> Nonce) : TlkInput;

    /// <summary>The recorder noted that the register is behind.</summary>
    internal sealed record BehindNoted(int Session) : TlkInput;

    /// <summary>The recorder is done with a record or gap.</summary>
    internal sealed record Done(int Ticket, RecordOutcome Outcome) : TlkInput;

    /// <summary>Our clock; <see langword="null"/> if it is not to be trusted.</summary>
    internal sealed record ClockRead(int Session, DateTimeOffset? Clock) : TlkInput;

    /// <summary>The lease that is due; <see langword="null"/> if none is.</summary>
    internal sealed record LeaseOffered(int Session, LeaseOffer? Lease) : TlkInput;

    /// <summary>A person wants to know how the register is.</summary>
    internal sealed record AskNow : TlkInput;

    /// <summary>Time passed.</summary>
    internal sealed record Tick : TlkInput;
}
