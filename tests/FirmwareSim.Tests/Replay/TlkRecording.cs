using FirmwareSim.Bytes;
using FirmwareSim.Messages;
using FirmwareSim.Records;
using FirmwareSim.Replay;

namespace FirmwareSim.Tests.Replay;

/// <summary>A recording of TLK/1, written frame by frame; each is a step of its own, 100 ms after the one before.</summary>
internal sealed class TlkRecording
{
    public const ulong Epoch = 0x1122334455667788;

    private static readonly DateTimeOffset Clock = new(2026, 7, 1, 15, 0, 0, TimeSpan.FromHours(7));
    private readonly List<RecordingStep> _steps = [];
    private bool _isOpened;

    public RecordedLine Line => new("tlk", IsMasked: true, _steps);

    public static byte[] Nonce(byte number) => [.. Enumerable.Repeat(number, Limits.NonceLength)];

    /// <summary>HELLO number n; its nonce and its txn are made of it.</summary>
    public static byte[] Hello(byte number, ulong acked = 0, ulong newest = 9) => Frame.Encode(
        FrameType.Hello, FrameFlags.None, number,
        RegisterMessages.Hello(new("SIM-0001", Epoch, 1, 1, newest, acked, Clock, 1024, Nonce(number))));

    public static byte[] Record(ulong seq, byte[]? recovered = null, int maxBody = 1024) =>
        [.. RecordFrames.Of(Epoch, seq, Content(seq), recovered, maxBody).SelectMany(frame => frame)];

    public static byte[] Content(ulong seq) => [.. Enumerable.Repeat((byte)seq, 700)];

    public static byte[] Status(byte txn) =>
        Frame.Encode(FrameType.Status, FrameFlags.None, txn, RegisterMessages.Status(1, txn, Faults.None, Clock));

    public static byte[] Have(byte txn, ulong from, ulong to, bool present) =>
        Frame.Encode(FrameType.Have, FrameFlags.None, txn, RegisterMessages.Have(Epoch, from, to, present));

    public static byte[] Welcome(byte number, ulong durable = 0, ushort maxBody = 1024) => Frame.Encode(
        FrameType.Welcome, FrameFlags.None, number, new TlvWriter()
            .Text(Tag.Gateway, "gateway").U64(Tag.Epoch, Epoch).Bytes(Tag.PeerNonce, Nonce(number)).U64(Tag.Durable, durable).U8(Tag.Window, 8)
            .U16(Tag.MaxBody, maxBody).U32(Tag.Caps, 0).Time(Tag.Clock, Clock).Bytes(Tag.Nonce, Nonce(0xEE)).ToArray());

    public static RecordResult Issued(uint number) => RecordResult.Issued($"M1-26-ABCDE-{number:D11}", "C26MAA", number, null);

    public static RecordResult Held => RecordResult.Held(255, "no goods of this code");

    public static byte[] Ack(params (ulong Seq, RecordResult Result)[] results)
    {
        TlvWriter writer = new TlvWriter().U64(Tag.Epoch, Epoch).U64(Tag.Durable, results[^1].Seq);
        foreach ((ulong seq, RecordResult result) in results)
        {
            writer.Bytes(Tag.Result, result.ToGroup(seq));
        }

        return Frame.Encode(FrameType.Ack, FrameFlags.None, 0, writer.ToArray());
    }

    public static byte[] Nak(NakReason reason, byte txn = 0, string? text = null, ulong? seq = null, ulong? expected = null)
    {
        TlvWriter writer = new TlvWriter().U8(Tag.Reason, (byte)reason).Text(Tag.Text, text);
        if (seq is ulong about)
        {
            writer.U64(Tag.Epoch, Epoch).U64(Tag.Seq, about);
        }

        if (expected is ulong next)
        {
            writer.U64(Tag.Expected, next);
        }

        return Frame.Encode(FrameType.Nak, FrameFlags.None, txn, writer.ToArray());
    }

    public static byte[] Busy(byte txn, uint wait, ulong? seq = null)
    {
        TlvWriter writer = new TlvWriter().U32(Tag.Wait, wait);
        if (seq is ulong about)
        {
            writer.U64(Tag.Epoch, Epoch).U64(Tag.Seq, about);
        }

        return Frame.Encode(FrameType.Busy, FrameFlags.None, txn, writer.ToArray());
    }

    public static byte[] Get(byte txn, ulong from, ulong to) => Frame.Encode(
        FrameType.Get, FrameFlags.None, txn, new TlvWriter().U64(Tag.Epoch, Epoch).U64(Tag.From, from).U64(Tag.To, to).ToArray());

    public static byte[] Ask(byte txn) => Frame.Encode(FrameType.Ask, FrameFlags.None, txn, []);

    public static byte[] Ping(byte txn, uint counter) => Frame.Encode(FrameType.GatewayPing, FrameFlags.None, txn, RegisterMessages.Counter(counter));

    public static byte[] Error(byte reason, FrameType about, string text) => Frame.Encode(
        FrameType.GatewayError, FrameFlags.None, 0, new TlvWriter().U8(Tag.Reason, reason).U8(Tag.About, (byte)about).Text(Tag.Text, text).ToArray());

    /// <summary>From the register.</summary>
    public TlkRecording In(params byte[][] frames) => Add(isFromRegister: true, frames);

    /// <summary>From the gateway.</summary>
    public TlkRecording Out(params byte[][] frames) => Add(isFromRegister: false, frames);

    /// <summary>The line is opened again.</summary>
    public TlkRecording Opened()
    {
        _isOpened = true;
        return this;
    }

    private TlkRecording Add(bool isFromRegister, byte[][] frames)
    {
        foreach (byte[] frame in frames)
        {
            long at = 100 * (_steps.Count + 1);
            _steps.Add(new(at, isFromRegister, frame, _isOpened ? at - 50 : null));
            _isOpened = false;
        }

        return this;
    }
}
