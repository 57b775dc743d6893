using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tlk.Messages;

/// <summary>TIMED: a register's clock after it was set, and before. TLK/1 §3.10.</summary>
internal sealed record TimedMessage(DateTimeOffset Clock, DateTimeOffset Before)
{
    internal static TimedMessage? Read(ReadOnlyMemory<byte> payload, out string? fault)
    {
        TlvFault faults = new();
        TlvGroup fields = new(payload, "TIMED", [Tag.Clock, Tag.TimeBefore], [], faults);
        TimedMessage timed = new(fields.Time(Tag.Clock), fields.Time(Tag.TimeBefore));
        fault = faults.First;
        return fault is null ? timed : null;
    }
}
