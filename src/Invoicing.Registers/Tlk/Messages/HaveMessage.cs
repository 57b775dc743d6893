using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tlk.Messages;

/// <summary>HAVE: what a register still holds of what GET asked for. TLK/1 §3.7.</summary>
internal sealed record HaveMessage(ulong Epoch, ulong From, ulong To, bool Present)
{
    internal static HaveMessage? Read(ReadOnlyMemory<byte> payload, out string? fault)
    {
        TlvFault faults = new();
        TlvGroup fields = new(payload, "HAVE", [Tag.Epoch, Tag.From, Tag.To, Tag.Present], [], faults);
        ulong from = fields.U64(Tag.From, least: 1);
        HaveMessage have = new(fields.U64(Tag.Epoch, least: 1), from, fields.U64(Tag.To, from), fields.U8(Tag.Present, 0, 1) == 1);
        fault = faults.First;
        return fault is null ? have : null;
    }
}
