using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>A HELLO as the kit sees it: everything it says, and what is wrong with it. TLK/1 §3.1.</summary>
internal sealed record HelloView(
    TlkFrame Frame, string Serial, string Model, string Firmware, ulong Epoch, uint Boot, ulong Oldest, ulong Newest, ulong Acked,
    DateTimeOffset Clock, byte Confidence, int MaxBody, uint Caps, byte[] Nonce)
{
    internal const uint PrintsLeased = 1;
    internal const uint TakesTime = 2;
    internal const uint CarriesPrevious = 4;
    internal const uint CanSeal = 8;

    private const int LargestHello = 512;

    internal bool Can(uint cap) => (Caps & cap) != 0;

    /// <summary>Reads one; what breaks §3.1 comes out as a fault.</summary>
    internal static HelloView Read(TlkFrame frame, int sealLength, out string? fault)
    {
        TlvFault faults = new();
        TlvGroup fields = new(
            frame.Payload,
            "HELLO",
            [
                Tag.Epoch, Tag.Serial, Tag.Model, Tag.Firmware, Tag.Boot, Tag.Oldest, Tag.Newest, Tag.Acked, Tag.Clock, Tag.Confidence, Tag.MaxBody,
                Tag.Caps, Tag.Nonce,
            ],
            [],
            faults);
        const int NameLength = 32;
        HelloView hello = new(
            frame,
            fields.Text(Tag.Serial, NameLength),
            fields.Text(Tag.Model, NameLength),
            fields.Text(Tag.Firmware, NameLength),
            fields.U64(Tag.Epoch, least: 1),
            fields.U32(Tag.Boot),
            fields.U64(Tag.Oldest),
            fields.U64(Tag.Newest),
            fields.U64(Tag.Acked),
            fields.Time(Tag.Clock),
            fields.U8(Tag.Confidence),
            fields.U16(Tag.MaxBody, TlkFrame.SmallestMaxBody, TlkFrame.LargestMaxBody),
            fields.U32(Tag.Caps),
            fields.Bytes(Tag.Nonce, Tag.NonceLength, Tag.NonceLength).ToArray());
        fault = faults.First ?? hello.Fault(sealLength);
        return hello;
    }

    private string? Fault(int sealLength) =>
        Frame.Txn == 0 ? "HELLO has txn 0"
        : Frame.Payload.Length + sealLength + TlkFrame.Overhead > LargestHello ? $"HELLO has a body of {Frame.Payload.Length + sealLength + TlkFrame.Overhead} bytes"
        : Serial.Any(c => c is < '!' or > '~') ? $"serial '{Serial}' has other characters than printable ASCII"
        : Oldest > Newest + 1 ? $"oldest {Oldest} is beyond newest {Newest} + 1"
        : Acked > Newest ? $"acked {Acked} is beyond newest {Newest}"
        : null;
}
