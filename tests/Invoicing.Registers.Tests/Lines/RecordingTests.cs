using System.Text;
using System.Text.Json.Nodes;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Tests.Tlk;
using Invoicing.Registers.Tlk;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;
using Invoicing.Registers.Tlk.Records;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Lines;

/// <summary>Recordings of lines: everything that ran, nothing of anybody.</summary>
public sealed class RecordingTests
{
    private static readonly byte[] Key = new byte[32];

    private static byte[] Cashier => new TlvWriter().U8(RecordTag.Kind, 8).Text(RecordTag.Receipt, "HD 77").Text(RecordTag.Cashier, "Trần Thị Lan 7")
        .Text(RecordTag.Remark, "khách quen của quán").ToArray();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Long_digits_are_masked_whatever_the_chunks_and_short_ones_stay()
    {
        byte[] text = Encoding.ASCII.GetBytes("So HD 12345678 Tong 1.234.567 DT 0912345678 MST 0107001729-001 0912345678;");
        byte[] whole = Mask(text, text.Length);

        Assert.Equal(text.Length, whole.Length);
        string masked = Encoding.ASCII.GetString(whole);
        Assert.StartsWith("So HD 12345678 Tong 1.234.567 DT ", masked, StringComparison.Ordinal);
        Assert.DoesNotContain("0912345678", masked, StringComparison.Ordinal);
        Assert.DoesNotContain("0107001729", masked, StringComparison.Ordinal);
        Assert.EndsWith($"-001 {masked.Substring(33, 10)};", masked, StringComparison.Ordinal); // the same number, the same mask
        foreach (int size in new[] { 1, 2, 3, 7, 50 })
        {
            Assert.Equal(whole, Mask(text, size));
        }
    }

    [Fact]
    public void A_run_that_never_ends_is_held_in_bounded_pieces()
    {
        LongDigitsMask mask = new(Key);
        byte[] digits = Encoding.ASCII.GetBytes(new string('7', 1000));

        byte[] given = mask.Take(digits);

        Assert.InRange(given.Length, 900, 999);
        Assert.Equal(1000, given.Length + mask.Finish().Length);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(60)]
    public void Buyers_and_cashiers_of_records_are_masked_and_the_frames_stay_valid(int partSize)
    {
        TlvWriter buyer = new();
        buyer.Text(0x01, "Nguyễn Văn An").Text(0x02, "0107001729");
        byte[] record = new TlvWriter().U8(RecordTag.Kind, 8).Text(RecordTag.Cashier, "Trần Thị Lan 7").Text(RecordTag.Receipt, "HD 77")
            .Group(RecordTag.Buyer, buyer).Text(RecordTag.Remark, "khách quen").ToArray();
        byte[] wire = [.. Frames(record, partSize)];

        byte[] masked = new TlkRecordingMask(Key).Take(wire);

        byte[] read = Record(masked);
        Assert.Equal(record.Length, read.Length);
        string text = Encoding.UTF8.GetString(read);
        Assert.Contains("HD 77", text, StringComparison.Ordinal);
        foreach (string secret in new[] { "Nguy", "Lan", "0107001729", "quen" })
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }

        Assert.Equal(masked, new TlkRecordingMask(Key).Take(wire));
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(60)]
    public void A_frame_whose_closing_00_was_cut_off_is_masked(int partSize)
    {
        byte[] wire = [.. Frames(Cashier, partSize)];
        byte[] whole = new TlkRecordingMask(Key).Take(wire);
        TlkRecordingMask mask = new(Key);

        byte[] masked = [.. mask.Take(wire.AsSpan(..^1)), .. mask.Finish()];

        Assert.Equal(whole[..^1], masked);
    }

    [Fact]
    public void A_record_is_masked_the_same_behind_a_fragment_that_came_twice_and_behind_half_a_record()
    {
        byte[] wire = [.. Frames(Cashier, 20)];
        int second = Array.IndexOf(wire, (byte)0, 1) + 1;
        byte[] whole = Record(new TlkRecordingMask(Key).Take(wire));

        byte[] masked = new TlkRecordingMask(Key).Take([.. wire[..second], .. wire, .. wire[..second], .. Frames(Cashier, 4096)]);

        // The first fragment alone, the whole record, the first fragment alone, the whole record in one frame.
        byte[] read = Record(masked);
        Assert.Equal(2 * (whole.Length + 20), read.Length);
        Assert.Equal(whole, read[20..(20 + whole.Length)]);
        Assert.Equal(whole, read[^whole.Length..]);
    }

    /// <summary>Whether a recording begins in the middle of a record or ends there: no name stays readable.</summary>
    [Theory]
    [InlineData(12)]
    [InlineData(20)]
    [InlineData(33)]
    public void No_part_of_a_record_gives_a_name_away(int partSize)
    {
        byte[] wire = [.. Frames(Cashier, partSize)];
        int[] ends = [.. Enumerable.Range(1, wire.Length - 1).Where(i => wire[i] == 0).Select(i => i + 1)];
        Assert.InRange(ends.Length, 2, 12);
        foreach (int from in (int[])[0, .. ends[..^1]])
        {
            foreach (int to in ends.Where(end => end > from))
            {
                TlkRecordingMask mask = new(Key);
                byte[] masked = [.. mask.Take(wire.AsSpan(from..to)), .. mask.Finish()];
                string shown = Encoding.Latin1.GetString(Record(masked));
                foreach (string part in (string[])["Tr", "Th", "Lan", "kh", "qu"])
                {
                    Assert.DoesNotContain(part, shown, StringComparison.Ordinal);
                }
            }
        }
    }

    /// <summary>What is left of a REC is no frame, for the gateway as for who plays it back, and says nothing of people.</summary>
    [Fact]
    public void A_damaged_or_cut_record_gives_no_name_away_and_stays_damaged()
    {
        byte[] wire = [.. Frames(Cashier, 4096)];
        for (int at = 1; at < wire.Length - 1; at++)
        {
            byte[] flipped = [.. wire];
            flipped[at] ^= (byte)(flipped[at] == 4 ? 8 : 4); // never to a 00
            AssertTellsNoName(flipped);
            AssertTellsNoName(wire[..at]);
            AssertTellsNoName(wire[at..]);
        }
    }

    /// <summary>Banners, other protocols and noise are what one looks for in a recording.</summary>
    [Theory]
    [InlineData("\0BOOT v1.2 of the till\0")]
    [InlineData("BOOT v1.2 of the till")]
    [InlineData("\0P,tổng cộng 120.000\0")]
    public void What_never_was_a_record_is_shown_as_it_came(string text)
    {
        byte[] wire = Encoding.UTF8.GetBytes(text);
        TlkRecordingMask mask = new(Key);
        byte[] shown = [.. mask.Take(wire), .. mask.Finish()];
        Assert.Equal(wire, shown);
    }

    private static void AssertTellsNoName(byte[] wire)
    {
        TlkRecordingMask mask = new(Key);
        byte[] masked = [.. mask.Take(wire), .. mask.Finish()];
        Assert.Equal(wire.Length, masked.Length);
        string shown = Encoding.Latin1.GetString(masked);
        foreach (string part in (string[])["Tr", "Th", "Lan", "kh", "quen"])
        {
            Assert.DoesNotContain(part, shown, StringComparison.Ordinal);
        }

        TlkFrameDecoder decoder = new() { MaxBody = TlkFrame.LargestMaxBody };
        ReadOnlySpan<byte> rest = masked;
        while (decoder.TryRead(ref rest, out TlkRun run))
        {
            Assert.NotNull(run.Refused);
        }
    }

    [Fact]
    public async Task A_recording_says_what_came_what_went_and_why_it_ended()
    {
        ManualTime time = new();
        await using MemoryLine memory = new();
        await using ObservedLine line = new(memory);
        List<JsonNode> rows = [];
        Task reading = ReadAsync(line, new("text", key => new LongDigitsMask(key)) { Bytes = 8 }, time, rows);
        MemoryLine.End register = memory.Plug();
        await using ILineConnection connection = await line.ConnectAsync(Token).AsTask().Soon();
        await connection.WriteAsync(new byte[] { 1, 2, 3 }, Token).AsTask().Soon();
        await register.WriteAsync(new byte[] { 0x41, 0x42, 0x43, 0x44, 0x45 }, Token).AsTask().Soon();
        byte[] buffer = new byte[16];
        int count = await connection.ReadAsync(buffer, Token).AsTask().Soon();
        await reading.Soon();

        Assert.Equal(5, count);
        Assert.Equal("text", (string?)rows[0]["protocol"]);
        Assert.Equal(["open", "out 010203", "in 4142434445", "end"], rows.Skip(1).Select(Say));
        Assert.Contains("8 bytes", (string?)rows[^1]["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_is_recorded_once_at_a_time_and_ends_with_its_time()
    {
        ManualTime time = new();
        await using MemoryLine memory = new();
        await using ObservedLine line = new(memory);
        List<JsonNode> rows = [];
        Task reading = ReadAsync(line, new("text", key => new LongDigitsMask(key)) { Duration = TimeSpan.FromSeconds(5) }, time, rows);

        InvoicingException fault = await Assert.ThrowsAsync<InvoicingException>(
            () => ReadAsync(line, new("text", key => new LongDigitsMask(key)), time, [])).Soon();
        time.Advance(TimeSpan.FromSeconds(5));
        await reading.Soon();

        Assert.Contains("being recorded already", fault.Message, StringComparison.Ordinal);
        Assert.Contains("time was up", (string?)rows[^1]["reason"], StringComparison.Ordinal);
    }

    private static string Say(JsonNode row) => (string?)row["event"] ?? $"{row["dir"]} {row["hex"]}";

    private static async Task ReadAsync(ObservedLine line, RecordingOptions options, TimeProvider time, List<JsonNode> rows)
    {
        await foreach (string row in line.RecordAsync(options, time, default))
        {
            rows.Add(JsonNode.Parse(row)!);
        }
    }

    private static byte[] Mask(byte[] text, int size)
    {
        LongDigitsMask mask = new(Key);
        return [.. text.Chunk(size).SelectMany(chunk => mask.Take(chunk)), .. mask.Finish()];
    }

    private static IEnumerable<byte> Frames(byte[] record, int size)
    {
        byte[][] parts = [.. record.Chunk(size)];
        for (int i = 0; i < parts.Length; i++)
        {
            TlvWriter payload = new TlvWriter().U64(Tag.Epoch, 7).U64(Tag.Seq, 1);
            if (parts.Length > 1)
            {
                payload.U16(Tag.Fragment, (ushort)i);
            }

            bool more = i < parts.Length - 1;
            foreach (byte b in new TlkFrame(TlkType.Rec, more ? TlkFlags.More : TlkFlags.None, 0, payload.Bytes(Tag.Record, parts[i]).ToArray()).ToWire())
            {
                yield return b;
            }
        }
    }

    private static byte[] Record(ReadOnlySpan<byte> wire)
    {
        TlkFrameDecoder decoder = new() { MaxBody = TlkFrame.LargestMaxBody };
        List<byte> record = [];
        while (decoder.TryRead(ref wire, out TlkRun run))
        {
            Assert.Null(run.Refused);
            record.AddRange(new TlvGroup(run.Frame!.Payload, "REC", [Tag.Epoch, Tag.Seq, Tag.Fragment, Tag.Record], [], new()).Bytes(Tag.Record, 1, 24576).Span);
        }

        return [.. record];
    }
}
