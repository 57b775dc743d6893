using Invoicing.Registers.Tlk.Framing;
using Invoicing.Sales;

namespace Invoicing.Registers.Tlk.Session;

/// <summary>What a session wants done, in this order. A closed family.</summary>
internal abstract record TlkEffect
{
    private TlkEffect()
    {
    }

    /// <summary>Send a frame.</summary>
    internal sealed record Send(TlkFrame Frame) : TlkEffect;

    /// <summary>Ask the recorder where the register stands; answer with <see cref="TlkInput.Stands"/>.</summary>
    internal sealed record Ask(int Session, RegisterHello Hello) : TlkEffect;

    /// <summary>Have it noted that the register is behind; answer with <see cref="TlkInput.BehindNoted"/>.</summary>
    internal sealed record NoteBehind(int Session, RegisterHello Hello, ulong Durable) : TlkEffect;

    /// <summary>Record; answer with <see cref="TlkInput.Done"/>.</summary>
    internal sealed record Record(int Ticket, RegisterRecord Content) : TlkEffect;

    /// <summary>Record a gap; answer with <see cref="TlkInput.Done"/>.</summary>
    internal sealed record RecordGap(int Ticket, SaleKey First, ulong Last, string Reason) : TlkEffect;

    /// <summary>Read our clock, if it is to be trusted; answer with <see cref="TlkInput.ClockRead"/>.</summary>
    internal sealed record ReadClock(int Session) : TlkEffect;

    /// <summary>Ask the recorder for the lease that is due; answer with <see cref="TlkInput.LeaseOffered"/>.</summary>
    internal sealed record OfferLease(int Session, RegisterId Register, ulong Epoch) : TlkEffect;

    /// <summary>Tell the recorder what the register answered to a lease; answer with <see cref="TlkInput.Tick"/>.</summary>
    internal sealed record AnswerLease(RegisterId Register, ulong Epoch, ulong Lease, ulong? Newest) : TlkEffect;

    /// <summary>Count.</summary>
    internal sealed record Count(TlkCounter Counter) : TlkEffect;

    /// <summary>The register does not answer: give up the connection, where there is one.</summary>
    internal sealed record HangUp : TlkEffect;

    /// <summary>Tell people.</summary>
    internal sealed record Tell(TlkEvent Event, ulong First, ulong Last, string Text) : TlkEffect;
}
