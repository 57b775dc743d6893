using FirmwareSim.Bytes;
using FirmwareSim.Messages;

namespace FirmwareSim.Replay.Tlk;

/// <summary>What of a recorded HELLO playing needs, TLK/1 §3.1.</summary>
/// <param name="Serial">Who the register is.</param>
/// <param name="Epoch">Its journal.</param>
/// <param name="Acked">Up to where every record has its result.</param>
/// <param name="MaxBody">Largest body that it takes.</param>
/// <param name="Nonce">What WELCOME repeats.</param>
internal sealed record RecordedHello(string Serial, ulong Epoch, ulong Acked, ushort MaxBody, byte[] Nonce)
{
    /// <summary>Reads a payload.</summary>
    /// <returns>Null if it is none: it is said all the same, and refused.</returns>
    public static RecordedHello? Read(byte[] payload)
    {
        try
        {
            TlvReader tlvs = new(payload,
            [
                Tag.Serial, Tag.Model, Tag.Firmware, Tag.Epoch, Tag.Boot, Tag.Oldest, Tag.Newest, Tag.Acked, Tag.Clock, Tag.Confidence, Tag.MaxBody,
                Tag.Caps, Tag.Nonce,
            ]);
            return new(
                tlvs.Text(Tag.Serial, Limits.Serial), tlvs.U64(Tag.Epoch), tlvs.U64(Tag.Acked), tlvs.U16(Tag.MaxBody),
                tlvs.Bytes(Tag.Nonce, Limits.NonceLength));
        }
        catch (MalformedException)
        {
            return null;
        }
    }
}
