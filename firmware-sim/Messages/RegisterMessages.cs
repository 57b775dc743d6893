using FirmwareSim.Bytes;
using FirmwareSim.Records;

namespace FirmwareSim.Messages;

/// <summary>Payloads of what a register says, TLK/1 §3, each with its tags in the table's order.</summary>
internal static class RegisterMessages
{
    /// <summary>Model and firmware as HELLO names them.</summary>
    public const string Model = "Simulated till";

    public const string Firmware = "1.0.0";

    private const byte PaperWell = 1;
    private const int ErrorText = 200;

    public static byte[] Hello(HelloContent hello) => new TlvWriter()
        .Text(Tag.Serial, hello.Serial)
        .Text(Tag.Model, Model)
        .Text(Tag.Firmware, Firmware)
        .U64(Tag.Epoch, hello.Epoch)
        .U32(Tag.Boot, hello.Boot)
        .U64(Tag.Oldest, hello.Oldest)
        .U64(Tag.Newest, hello.Newest)
        .U64(Tag.Acked, hello.Acked)
        .Time(Tag.Clock, hello.Clock)
        .U8(Tag.Confidence, LocalClock.Confidence)
        .U16(Tag.MaxBody, hello.MaxBody)
        .U32(Tag.Caps, (uint)hello.Caps)
        .Bytes(Tag.Nonce, hello.Nonce)
        .ToArray();

    public static byte[] Counter(uint counter) => new TlvWriter().U32(Tag.Counter, counter).ToArray();

    public static byte[] Have(ulong epoch, ulong from, ulong to, bool present) => new TlvWriter()
        .U64(Tag.Epoch, epoch).U64(Tag.From, from).U64(Tag.To, to).U8(Tag.Present, present ? (byte)1 : (byte)0).ToArray();

    public static byte[] LeaseRefused(ulong lease) => new TlvWriter().U64(Tag.Lease, lease).U8(Tag.Present, 0).ToArray();

    public static byte[] LeaseTaken(ulong lease, ulong newest) =>
        new TlvWriter().U64(Tag.Lease, lease).U8(Tag.Present, 1).U64(Tag.Newest, newest).ToArray();

    public static byte[] Timed(DateTimeOffset clock, DateTimeOffset before) =>
        new TlvWriter().Time(Tag.Clock, clock).Time(Tag.TimeBefore, before).ToArray();

    public static byte[] Status(byte used, uint unacknowledged, Faults faults, DateTimeOffset clock) => new TlvWriter()
        .U8(Tag.StatusUsed, used)
        .U32(Tag.StatusUnacknowledged, unacknowledged)
        .U8(Tag.StatusPaper, PaperWell)
        .U32(Tag.StatusFaults, (uint)faults)
        .Time(Tag.Clock, clock)
        .U8(Tag.Confidence, LocalClock.Confidence)
        .ToArray();

    public static byte[] Error(ErrorReason reason, FrameType about, string? text, ulong? seq)
    {
        TlvWriter writer = new();
        if (seq is ulong value)
        {
            writer.U64(Tag.Seq, value);
        }

        return writer
            .U8(Tag.Reason, (byte)reason)
            .U8(Tag.About, (byte)about)
            .Text(Tag.Text, text?.Length > ErrorText ? text[..ErrorText] : text)
            .ToArray();
    }
}
