using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tlk.Messages;

/// <summary>ERROR of a register. TLK/1 §3.12.</summary>
internal sealed record ErrorMessage(byte Reason, byte About, string Text)
{
    internal static ErrorMessage? Read(ReadOnlyMemory<byte> payload, out string? fault)
    {
        TlvFault faults = new();
        TlvGroup fields = new(payload, "ERROR", [Tag.Reason, Tag.About, Tag.Text, Tag.Seq], [], faults);
        string text = fields.Has(Tag.Text) ? fields.Text(Tag.Text, Tag.TextLength) : string.Empty;
        ErrorMessage error = new(fields.U8(Tag.Reason), fields.U8(Tag.About), text);
        fault = faults.First;
        return fault is null ? error : null;
    }
}
