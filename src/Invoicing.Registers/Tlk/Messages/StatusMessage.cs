using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tlk.Messages;

/// <summary>STATUS: how a register is. TLK/1 §3.11.</summary>
internal sealed record StatusMessage(int JournalUsedPercent, uint Unacknowledged, byte Paper, uint Faults, DateTimeOffset Clock)
{
    internal static StatusMessage? Read(ReadOnlyMemory<byte> payload, out string? fault)
    {
        TlvFault faults = new();
        TlvGroup fields = new(
            payload, "STATUS", [Tag.JournalUsed, Tag.Unacknowledged, Tag.Paper, Tag.Faults, Tag.Clock, Tag.Confidence], [], faults);
        StatusMessage status = new(
            fields.U8(Tag.JournalUsed, 0, 100), fields.U32(Tag.Unacknowledged), fields.U8(Tag.Paper), fields.U32(Tag.Faults), fields.Time(Tag.Clock));
        _ = fields.U8(Tag.Confidence);
        fault = faults.First;
        return fault is null ? status : null;
    }
}
