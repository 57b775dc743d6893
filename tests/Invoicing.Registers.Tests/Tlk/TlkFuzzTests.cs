using System.Globalization;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;
using Invoicing.Registers.Tlk.Records;
using Invoicing.Sales;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Tlk;

/// <summary>Mutated bytes into everything that reads what a register sends.</summary>
/// <remarks>200,000 inputs in CI; <c>INVOICING_FUZZ</c> asks for more, 10 million in the long run.</remarks>
public sealed class TlkFuzzTests
{
    private const int Batch = 1000;

    /// <summary>What one input may allocate: a frame and its parts, the objects of 500 lines, texts of faults. Anything that grows on its own is far above.</summary>
    private const int MostAllocated = 64 * 1024;

    private const int MostAllocatedPerByte = 512;

    private static readonly SaleKey Key = new(new("FUZZ"), Vectors.Epoch, 6);

    private static int Inputs =>
        int.TryParse(Environment.GetEnvironmentVariable("INVOICING_FUZZ"), CultureInfo.InvariantCulture, out int asked) ? asked : 200_000;

    [Fact]
    public void No_frame_throws_or_takes_memory_without_bound()
    {
        byte[][] wires = [.. Vectors.Of("frames").Concat(Vectors.Of("bad")).Select(v => v.Hex("wire"))];
        long bytes = 0;
        long frames = 0;
        long began = TimeProvider.System.GetTimestamp();
        Seeded.Run(Inputs / Batch, random =>
        {
            TlkFrameDecoder decoder = new() { MaxBody = random.Next(TlkFrame.SmallestMaxBody, TlkFrame.LargestMaxBody + 1) };
            for (int i = 0; i < Batch; i++)
            {
                byte[] wire = TlkNoise.Wire(wires[random.Next(wires.Length)], random);
                bytes += wire.Length;
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int at = 0; at < wire.Length;)
                {
                    int piece = Math.Min(wire.Length - at, random.Next(1, 64));
                    ReadOnlySpan<byte> part = wire.AsSpan(at, piece);
                    while (decoder.TryRead(ref part, out TlkRun run))
                    {
                        frames += run.Frame is null ? 0 : 1;
                        Read(run.Frame);
                    }

                    at += piece;
                }

                Bounded(GC.GetAllocatedBytesForCurrentThread() - before, wire.Length);
            }
        });

        Assert.True(frames > Inputs / 10, $"only {frames} of {Inputs} inputs held a frame: they prove little");
        Tell("frames and messages", bytes, began);
    }

    [Fact]
    public void No_record_throws_or_takes_memory_without_bound()
    {
        byte[][] records = [.. Vectors.Of("records").Select(v => v.Hex("record"))];
        byte[][] results = [.. Vectors.Of("fragmented").Select(v => v.GetProperty("recovered").GetString()).OfType<string>().Select(Convert.FromHexString), []];
        long bytes = 0;
        long readable = 0;
        long began = TimeProvider.System.GetTimestamp();
        Seeded.Run(Inputs / Batch, random =>
        {
            for (int i = 0; i < Batch; i++)
            {
                byte[] record = ByteNoise.Mutate(records[random.Next(records.Length)], random);
                byte[]? recovered = random.Next(4) == 0 ? ByteNoise.Mutate(results[random.Next(results.Length)], random) : null;
                bytes += record.Length;
                long before = GC.GetAllocatedBytesForCurrentThread();

                RegisterRecord read = RecordReader.Read(Key, record, recovered);
                _ = RecordReader.Lost(record);

                Bounded(GC.GetAllocatedBytesForCurrentThread() - before, record.Length);
                Assert.Equal(record.Length + 16, read.Bytes.Length);
                readable += read.Sale is null ? 0 : 1;
            }
        });

        Assert.InRange(readable, Inputs / 100, Inputs - 1);
        Tell("records", bytes, began);
    }

    private static void Read(TlkFrame? frame)
    {
        switch (frame?.Type)
        {
            case TlkType.Hello:
                _ = HelloMessage.Read(frame.Payload, out _);
                break;
            case TlkType.Rec:
                if (RecMessage.Read(frame, out _, out _, out _) is { Recovered: { } result })
                {
                    _ = RecoveredResult.Read(result, out _);
                }

                break;
            case TlkType.Ping or TlkType.Pong:
                _ = PingMessage.Read(frame.Payload, out _);
                break;
            case TlkType.Status:
                _ = StatusMessage.Read(frame.Payload, default, out _);
                break;
            case TlkType.Have:
                _ = HaveMessage.Read(frame.Payload, out _);
                break;
            case TlkType.Leased:
                _ = LeasedMessage.Read(frame.Payload, out _);
                break;
            case TlkType.Timed:
                _ = TimedMessage.Read(frame.Payload, out _);
                break;
            case TlkType.Error:
                _ = ErrorMessage.Read(frame.Payload, out _);
                break;
            default:
                break;
        }
    }

    private static void Bounded(long allocated, int length) =>
        Assert.True(allocated <= MostAllocated + ((long)length * MostAllocatedPerByte), $"{allocated} bytes allocated for an input of {length}");

    private static void Tell(string what, long bytes, long began) => TestContext.Current.TestOutputHelper?.WriteLine(
        $"{what}: {bytes} bytes, {TimeProvider.System.GetElapsedTime(began).TotalNanoseconds / bytes:0} ns a byte with their making");
}
