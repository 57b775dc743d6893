using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tlk.Messages;

/// <summary>STATUS: how a register is. TLK/1 §3.11.</summary>
internal static class StatusMessage
{
    internal static TlkReport? Read(ReadOnlyMemory<byte> payload, DateTimeOffset at, out string? fault)
    {
        TlvFault faults = new();
        TlvGroup fields = new(
            payload, "STATUS", [Tag.JournalUsed, Tag.Unacknowledged, Tag.Paper, Tag.Faults, Tag.Clock, Tag.Confidence], [], faults);
        byte paper = fields.U8(Tag.Paper);
        TlkReport report = new(
            fields.U8(Tag.JournalUsed, 0, 100), fields.U32(Tag.Unacknowledged), paper <= (byte)TlkPaper.Out ? (TlkPaper)paper : TlkPaper.Unknown,
            (TlkFaults)fields.U32(Tag.Faults), fields.Time(Tag.Clock), Tag.ConfidenceOf(fields.U8(Tag.Confidence)), at);
        fault = faults.First;
        return fault is null ? report : null;
    }
}
