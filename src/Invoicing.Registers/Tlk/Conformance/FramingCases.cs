using System.Buffers.Binary;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>What a receiver does with bytes: TLK/1 §1 and §2.</summary>
internal static class FramingCases
{
    private const TlkType Unknown = (TlkType)0xC0;

    internal static IEnumerable<ConformanceCase> All =>
    [
        new("C001", "§1.1, §3.1", "HELLO comes, its frame and its fields are right", HelloAsync) { IsCold = true },
        new("C002", "§1.1", "runs of 00 between frames are nothing", bench => bench.DroppedAsync(new byte[32], "32 bytes 00")),
        new("C003", "§1.1", "the bytes of a frame may come one by one, and many frames at once", PiecesAsync),
        new("C004", "§1.3 check 1", "a run that is too long is skipped", bench => bench.DroppedAsync([0, .. Enumerable.Repeat((byte)0x55, 9000), 0], "9,000 bytes without 00")),
        new("C005", "§1.3 check 2", "a COBS code byte past the end is dropped", bench => bench.DroppedAsync([0, 0x20, 0x11, 0x22, 0], "a bad COBS run")),
        new("C006", "§1.3 check 3", "a run of 9 bytes is dropped", bench => bench.DroppedAsync(Wire([1, 0x89, 0, 7, 0, 0, 1, 2, 3]), "9 bytes")),
        new("C007", "§1.3 check 4", "a body that is not as long as it says is dropped", LengthAsync),
        new("C008", "§1.3 check 5", "a frame with any bit wrong is dropped", BitsAsync),
        new("C009", "§1.3 check 6", "another protocol version is dropped", bench => BodyAsync(bench, 0, 2, "a frame of version 2")),
        new("C010", "§1.3 check 7", "reserved flags are dropped", bench => BodyAsync(bench, 2, 8, "a frame with flag bit 3")),
        new("C011", "§1.3 check 8", "a frame of the register's own direction is dropped", EchoAsync),
        new("C012", "§1.3 check 9", "an unknown type is dropped", bench => bench.DroppedAsync(bench.Sealed(new(Unknown, TlkFlags.None, 9, default)).ToWire(), "an unknown type")),
        new("C013", "§1.3 check 9", "an unknown type that must be understood gets ERROR 1", MustUnderstandAsync),
        new("C014", "§1.3 check 11", "a malformed payload gets ERROR 2", MalformedAsync),
        new("C015", "§2", "an unknown tag below 80 is skipped, one from 80 on is not", TagsAsync),
        new("C016", "§3.12", "ERROR comes at most once a second", ErrorPauseAsync),
        new("C017", "§3.12", "ERROR is never sent about an ERROR", bench => bench.DroppedAsync(bench.Sealed(new(TlkType.GatewayError, TlkFlags.None, 0, new byte[] { 1 })).ToWire(), "a malformed ERROR")),
        new("C018", "§1.1", "noise before a frame costs that frame at most", NoiseAsync),
    ];

    private static async Task HelloAsync(Bench bench)
    {
        _ = await bench.SessionAsync().ConfigureAwait(false);
        _ = await bench.ProbeAsync().ConfigureAwait(false);
    }

    private static async Task PiecesAsync(Bench bench)
    {
        byte[] ping = bench.Sealed(GatewayFrames.Ping(bench.NextTxn(), 1)).ToWire();
        foreach (byte one in ping)
        {
            await bench.SendRawAsync(new[] { one }).ConfigureAwait(false);
        }

        _ = await bench.ExpectAsync(TlkType.Pong, "PONG for a PING whose bytes came one by one").ConfigureAwait(false);
        byte first = bench.NextTxn();
        byte second = bench.NextTxn();
        byte[] both = [.. bench.Sealed(GatewayFrames.Ping(first, 2)).ToWire(), .. bench.Sealed(GatewayFrames.Ask(second)).ToWire().AsSpan(1)];
        await bench.SendRawAsync(both).ConfigureAwait(false);
        bool pong = false;
        bool status = false;
        while (!pong || !status)
        {
            Arrival arrival = await bench.NextAsync(bench.Soon).ConfigureAwait(false)
                ?? throw new RuleBrokenException("PONG and STATUS for PING and ASK that share a 00", bench.Lately());
            pong |= arrival.Type == TlkType.Pong && arrival.Frame.Txn == first;
            status |= arrival.Type == TlkType.Status && arrival.Frame.Txn == second;
        }
    }

    private static async Task LengthAsync(Bench bench)
    {
        foreach (int off in new[] { 1, -1 })
        {
            byte[] body = Body(bench.Sealed(GatewayFrames.Ping(bench.NextTxn(), 1)));
            BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(4), (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(body.AsSpan(4)) + off));
            await bench.DroppedAsync(Wire(Crc(body)), $"a length that is {off} off").ConfigureAwait(false);
        }
    }

    private static async Task BitsAsync(Bench bench)
    {
        byte[] body = Body(bench.Sealed(GatewayFrames.Ping(bench.NextTxn(), 0x01020304)));
        for (int i = 0; i < body.Length; i++)
        {
            byte[] wrong = [.. body];
            wrong[i] ^= (byte)(1 << (i % 8));
            await bench.SendRawAsync(Wire(wrong)).ConfigureAwait(false);
        }

        await bench.DroppedAsync([0], "frames with one bit wrong").ConfigureAwait(false);
    }

    private static Task BodyAsync(Bench bench, int at, byte value, string what)
    {
        byte[] body = Body(bench.Sealed(GatewayFrames.Ping(bench.NextTxn(), 1)));
        body[at] = at == 2 ? (byte)(body[at] | value) : value;
        return bench.DroppedAsync(Wire(Crc(body)), what);
    }

    private static Task EchoAsync(Bench bench) =>
        bench.DroppedAsync([.. new TlkFrame(TlkType.Ping, TlkFlags.None, 7, new TlvWriter().U32(Tag.Counter, 1).ToArray()).ToWire(), .. bench.Hello!.Frame.ToWire()], "its own frames");

    private static async Task MustUnderstandAsync(Bench bench)
    {
        byte txn = bench.NextTxn();
        await bench.SendAsync(new(Unknown, TlkFlags.MustUnderstand, txn, default)).ConfigureAwait(false);
        await ErrorAsync(bench, ErrorReason.UnknownType, Unknown, txn).ConfigureAwait(false);
    }

    private static async Task MalformedAsync(Bench bench)
    {
        _ = await PauseAsync(bench).ConfigureAwait(false);
        byte txn = bench.NextTxn();
        await bench.SendAsync(GatewayFrames.Of(TlkType.GatewayPing, txn, new TlvWriter().U16(Tag.Counter, 1))).ConfigureAwait(false);
        await ErrorAsync(bench, ErrorReason.Malformed, TlkType.GatewayPing, txn).ConfigureAwait(false);
    }

    private static async Task TagsAsync(Bench bench)
    {
        _ = await PauseAsync(bench).ConfigureAwait(false);
        byte txn = bench.NextTxn();
        await bench.SendAsync(GatewayFrames.Of(TlkType.GatewayPing, txn, new TlvWriter().U8(0x7E, 1).U32(Tag.Counter, 9))).ConfigureAwait(false);
        _ = await bench.ExpectAsync(TlkType.Pong, "PONG for a PING with an unknown tag 7E", only: a => a.Frame.Txn == txn).ConfigureAwait(false);
        txn = bench.NextTxn();
        await bench.SendAsync(GatewayFrames.Of(TlkType.GatewayPing, txn, new TlvWriter().U8(0xFE, 1).U32(Tag.Counter, 9))).ConfigureAwait(false);
        await ErrorAsync(bench, ErrorReason.Malformed, TlkType.GatewayPing, txn).ConfigureAwait(false);
    }

    private static async Task ErrorPauseAsync(Bench bench)
    {
        _ = await PauseAsync(bench).ConfigureAwait(false);
        for (int i = 0; i < 20; i++)
        {
            await bench.SendAsync(new(Unknown, TlkFlags.MustUnderstand, bench.NextTxn(), default)).ConfigureAwait(false);
        }

        List<Arrival> errors = [.. (await bench.CollectAsync(bench.Ms(2500)).ConfigureAwait(false)).Where(a => a.Type == TlkType.Error)];
        Bench.Check(errors.Count > 0, "an ERROR", bench.Lately());

        // 20 questions at once: 3 answers in 2.5 s would be legal if they were kept back; a burst is not.
        Bench.Check(errors.Count <= 3, "at most 3 ERROR in 2.5 s", $"{errors.Count}");
    }

    private static async Task NoiseAsync(Bench bench)
    {
        await bench.SendRawAsync("boot: ready\r\n"u8.ToArray()).ConfigureAwait(false);
        _ = await bench.ProbeAsync().ConfigureAwait(false);
        byte[] half = bench.Sealed(GatewayFrames.Ping(bench.NextTxn(), 5)).ToWire();
        await bench.DroppedAsync(half[..(half.Length / 2)], "half a frame").ConfigureAwait(false);
    }

    private static async Task ErrorAsync(Bench bench, ErrorReason reason, TlkType about, byte txn)
    {
        Arrival error = await bench.ExpectAsync(TlkType.Error, $"ERROR {(int)reason} about {(byte)about:X2}").ConfigureAwait(false);
        TlvFault faults = new();
        TlvGroup fields = new(error.Frame.Payload, "ERROR", [Tag.Reason, Tag.About, Tag.Text, Tag.Seq], [], faults);
        byte said = fields.U8(Tag.Reason);
        byte named = fields.U8(Tag.About);
        Bench.Check(
            faults.First is null && said == (byte)reason && named == (byte)about && error.Frame.Txn == txn,
            $"ERROR {(int)reason} about {(byte)about:X2} with txn {txn}",
            faults.First ?? $"ERROR {said} about {named:X2} with txn {error.Frame.Txn}");
    }

    /// <summary>Lets a second pass, so that an ERROR of before does not keep this one back.</summary>
    private static Task<List<Arrival>> PauseAsync(Bench bench) => bench.CollectAsync(bench.Ms(1100) + 20);

    private static byte[] Body(TlkFrame frame)
    {
        byte[] wire = frame.ToWire();
        byte[] body = new byte[wire.Length];
        int length = Cobs.Decode(wire.AsSpan(1..^1), body);
        return body[..length];
    }

    private static byte[] Crc(byte[] body)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(body.Length - 4), Crc32C.Of(body.AsSpan(0, body.Length - 4)));
        return body;
    }

    private static byte[] Wire(byte[] body)
    {
        byte[] coded = new byte[Cobs.MaxEncodedLength(body.Length)];
        int length = Cobs.Encode(body, coded);
        return [0, .. coded.AsSpan(0, length), 0];
    }
}
