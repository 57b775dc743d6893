using System.Text.Json;
using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tests.Tlk.Framing;

public sealed class TlkFrameDecoderTests
{
    public static TheoryData<string> Frames => Vectors.Names("frames");

    [Theory]
    [MemberData(nameof(Frames))]
    public void Every_frame_is_written_as_the_vector_says(string name)
    {
        JsonElement vector = Vectors.Named("frames", name);
        TlkFrame frame = new(
            (TlkType)Convert.FromHexString(vector.Text("type"))[0],
            (TlkFlags)vector.GetProperty("flags").GetByte(),
            vector.GetProperty("txn").GetByte(),
            vector.Hex("payload"));

        Assert.Equal(vector.Text("wire"), Convert.ToHexString(frame.ToWire()));
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void Every_frame_split_at_every_byte_reads_the_same(string name)
    {
        JsonElement vector = Vectors.Named("frames", name);
        byte[] wire = vector.Hex("wire");
        for (int cut = 0; cut <= wire.Length; cut++)
        {
            TlkFrameDecoder decoder = new();
            List<TlkRun> runs = [];
            Vectors.Feed(decoder, wire.AsSpan(0, cut), runs);
            Vectors.Feed(decoder, wire.AsSpan(cut), runs);

            TlkRun run = Assert.Single(runs);
            if (vector.Text("from") == "register")
            {
                Assert.Null(run.Refused);
                Assert.Equal(vector.Hex("payload"), run.Frame!.Payload.ToArray());
                Assert.Equal(vector.GetProperty("txn").GetByte(), run.Frame.Txn);
            }
            else
            {
                Assert.Equal(TlkCounter.Direction, run.Refused);
            }
        }
    }

    [Fact]
    public void Bytes_that_come_one_by_one_and_share_delimiters_make_every_frame()
    {
        byte[] wire = [.. "boot\r\n"u8, .. Vectors.Of("frames").SelectMany(v => v.Hex("wire")[..^1]), 0];
        TlkFrameDecoder decoder = new();
        List<TlkRun> runs = [];
        foreach (byte b in wire)
        {
            Vectors.Feed(decoder, [b], runs);
        }

        Assert.Equal(Vectors.Of("frames").Count(), runs.Count);
        Assert.Equal(Vectors.Of("frames").Count(v => v.Text("from") == "register"), runs.Count(r => r.Refused is null));
    }

    [Fact]
    public void A_run_that_never_ends_is_skipped_without_being_kept_and_the_next_frame_is_read()
    {
        TlkFrameDecoder decoder = new();
        List<TlkRun> runs = [];
        Vectors.Feed(decoder, [0], runs);
        byte[] endless = [.. Enumerable.Repeat((byte)0x55, 100_000)];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            Vectors.Feed(decoder, endless, runs);
        }

        Assert.Empty(runs);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);

        Vectors.Feed(decoder, Vectors.Wire("HELLO"), runs);
        Assert.Equal([TlkCounter.Oversize, null], runs.Select(r => r.Refused));
    }

    [Fact]
    public void The_largest_body_passes_and_one_byte_more_does_not()
    {
        byte[] fits = new TlkFrame(TlkType.Rec, TlkFlags.None, 0, Filled(1024 - TlkFrame.Overhead)).ToWire();
        byte[] more = new TlkFrame(TlkType.Rec, TlkFlags.None, 0, Filled(1024 + 10 - TlkFrame.Overhead)).ToWire();

        Assert.Null(Assert.Single(Vectors.Decode(fits)).Refused);
        Assert.Equal(TlkCounter.Oversize, Assert.Single(Vectors.Decode(more)).Refused);
        Assert.Null(Assert.Single(Vectors.Decode(more, TlkFrame.LargestMaxBody)).Refused);
    }

    [Fact]
    public void Noise_of_any_kind_yields_no_frame_and_no_exception()
    {
        const int Seed = 7;
        Random random = new(Seed);
        byte[] hello = Vectors.Wire("HELLO");
        for (int round = 0; round < 3000; round++)
        {
            byte[] bytes = [.. hello];
            int flips = random.Next(1, 4);
            for (int i = 0; i < flips; i++)
            {
                bytes[random.Next(1, bytes.Length - 1)] ^= (byte)(1 << random.Next(8));
            }

            if (bytes.AsSpan().SequenceEqual(hello))
            {
                continue;
            }

            List<TlkRun> runs = Vectors.Decode([.. bytes, .. hello]);

            // The damaged one is thrown away, whatever it fell apart into; the good one behind it is read.
            Assert.True(runs.Count(r => r.Refused is null) == 1, $"seed {Seed}, round {round}");
            Assert.Null(runs[^1].Refused);
        }
    }

    private static byte[] Filled(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)((i % 255) + 1))];
}
