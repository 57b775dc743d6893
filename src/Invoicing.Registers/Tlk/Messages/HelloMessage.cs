using Invoicing.Registers.Tlk.Framing;
using Invoicing.Sales;

namespace Invoicing.Registers.Tlk.Messages;

/// <summary>HELLO: what a register says of itself. TLK/1 §3.1.</summary>
internal sealed record HelloMessage(
    RegisterHello Register, string Model, string Firmware, uint Boot, DateTimeOffset Clock, byte Confidence, int MaxBody, TlkCaps Caps,
    ReadOnlyMemory<byte> Nonce)
{
    private const int NameLength = 32;

    private static ReadOnlySpan<byte> Known =>
    [
        Tag.Epoch, Tag.Serial, Tag.Model, Tag.Firmware, Tag.Boot, Tag.Oldest, Tag.Newest, Tag.Acked, Tag.Clock, Tag.Confidence, Tag.MaxBody, Tag.Caps,
        Tag.Nonce,
    ];

    internal static HelloMessage? Read(ReadOnlyMemory<byte> payload, out string? fault)
    {
        TlvFault faults = new();
        TlvGroup fields = new(payload, "HELLO", Known, [], faults);
        string serial = fields.Text(Tag.Serial, RegisterId.MaxLength);
        if (!RegisterId.IsValid(serial))
        {
            fields.Note(Tag.Serial, "printable ASCII without blanks", $"'{serial}'");
        }

        ulong epoch = fields.U64(Tag.Epoch, least: 1);
        ulong oldest = fields.U64(Tag.Oldest);
        ulong newest = fields.U64(Tag.Newest);
        ulong acked = fields.U64(Tag.Acked);
        if (newest == ulong.MaxValue || oldest > newest + 1)
        {
            fields.Note(Tag.Oldest, "at most newest + 1", $"oldest {oldest}, newest {newest}");
        }

        if (acked > newest)
        {
            fields.Note(Tag.Acked, $"at most newest {newest}", $"{acked}");
        }

        string model = fields.Text(Tag.Model, NameLength);
        string firmware = fields.Text(Tag.Firmware, NameLength);
        uint boot = fields.U32(Tag.Boot);
        DateTimeOffset clock = fields.Time(Tag.Clock);
        byte confidence = Tag.ConfidenceOf(fields.U8(Tag.Confidence));
        ushort maxBody = fields.U16(Tag.MaxBody, TlkFrame.SmallestMaxBody, TlkFrame.LargestMaxBody);
        var caps = (TlkCaps)fields.U32(Tag.Caps);
        ReadOnlyMemory<byte> nonce = fields.Bytes(Tag.Nonce, Tag.NonceLength, Tag.NonceLength);
        fault = faults.First;
        return fault is null
            ? new(new(new(serial), epoch, oldest, newest, acked) { Clock = confidence == 0 ? null : clock }, model, firmware, boot, clock, confidence, maxBody, caps, nonce)
            : null;
    }
}
