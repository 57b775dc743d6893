using System.Text;
using Invoicing.Registers.LineText;
using Invoicing.Registers.Text;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.LineText;

public sealed class ReceiptCutterTests
{
    private static readonly LineTextOptions Marked = new() { Register = new("POS-1"), Start = "^HOA DON", End = "^CAM ON" };

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n\r")]
    [InlineData("\n")]
    [InlineData("\r")]
    public void Receipts_are_cut_by_their_marks_whatever_ends_their_lines(string end)
    {
        string stream = string.Join(end, "boot", "HOA DON 1", "Ca phe", "", "CAM ON", "between", "HOA DON 2", "CAM ON", "");

        List<CutReceipt> receipts = Cut(Marked, Encoding.UTF8.GetBytes(stream), out ReceiptCutter cutter);

        Assert.Equal([$"HOA DON 1|Ca phe||CAM ON", "HOA DON 2|CAM ON"], receipts.Select(Text));
        Assert.All(receipts, receipt => Assert.True(receipt.IsWhole));
        Assert.Equal(2, cutter.Outside);
        Assert.False(cutter.IsOpen);
    }

    [Fact]
    public void A_receipt_that_is_followed_by_the_next_without_its_end_is_torn()
    {
        List<CutReceipt> receipts = Cut(Marked, "HOA DON 1\nCa phe\nHOA DON 2\nCAM ON\n"u8, out _);

        Assert.Equal([(false, "HOA DON 1|Ca phe"), (true, "HOA DON 2|CAM ON")], receipts.Select(receipt => (receipt.IsWhole, Text(receipt))));
        Assert.Equal("the next receipt began before its end", receipts[0].Reason);
    }

    [Fact]
    public void Silence_and_a_cut_leave_a_torn_receipt_and_without_an_end_mark_silence_ends_it()
    {
        Cut(Marked, "HOA DON 1\nCa ph"u8, out ReceiptCutter silent);
        CutReceipt torn = Assert.NotNull(silent.OnSilence());
        Assert.Equal((false, "HOA DON 1|Ca ph", "no line came for 30 s"), (torn.IsWhole, Text(torn), torn.Reason));
        Assert.Null(silent.OnCut());

        Cut(Marked, "HOA DON 1\nCa ph"u8, out ReceiptCutter cut);
        Assert.Equal("the line was cut", Assert.NotNull(cut.OnCut()).Reason);

        LineTextOptions open = new() { Register = new("POS-1") };
        Assert.Empty(Cut(open, "\n \nCa phe 20000\nTONG 20000\n"u8, out ReceiptCutter unmarked));
        CutReceipt whole = Assert.NotNull(unmarked.OnSilence());
        Assert.Equal((true, "Ca phe 20000|TONG 20000"), (whole.IsWhole, Text(whole)));
    }

    [Fact]
    public void Lines_and_receipts_have_their_longest()
    {
        LineTextOptions small = new() { Register = new("POS-1"), Start = "^HOA DON", End = "^CAM ON", MaxLine = 40, MaxLines = 10 };
        string text = "HOA DON 1\n" + new string('x', 100) + "\n" + string.Concat(Enumerable.Repeat("line\n", 20));

        List<CutReceipt> receipts = Cut(small, Encoding.UTF8.GetBytes(text), out ReceiptCutter cutter);

        CutReceipt receipt = Assert.Single(receipts);
        Assert.Equal((false, "more than 10 lines"), (receipt.IsWhole, receipt.Reason));
        Assert.Equal(2, cutter.TooLong);
        Assert.Equal(14, cutter.Outside);
    }

    [Fact]
    public void Any_chunking_cuts_the_same_receipts()
    {
        byte[] stream = Encoding.UTF8.GetBytes("x\r\nHOA DON 1\r\nCa phe\r\n\r\nCAM ON\r\nHOA DON 2\n\nHOA DON 3\rCAM ON\n\rrest\r\n");
        string[] expected = [.. Cut(Marked, stream, out _).Select(Text)];
        Assert.Equal(3, expected.Length);

        for (int split = 1; split < stream.Length; split++)
        {
            ReceiptCutter cutter = new(Marked);
            List<CutReceipt> receipts = [];
            Feed(cutter, stream.AsSpan(..split), receipts);
            Feed(cutter, stream.AsSpan(split..), receipts);
            Assert.Equal(expected, receipts.Select(Text));
        }
    }

    [Fact]
    public void Two_hundred_thousand_streams_of_anything_are_cut_without_an_exception_within_the_limits()
    {
        LineTextOptions small = new() { Register = new("POS-1"), Start = "^H", End = "^C", MaxLine = 40, MaxLines = 10 };
        byte[] letters = "HC\r\n\r\nxyz\0\u00ff"u8.ToArray();
        ReceiptCutter cutter = new(small);
        Seeded.Run(200_000, random =>
        {
            byte[] bytes = new byte[random.Next(1, 60)];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = random.Next(20) == 0 ? (byte)random.Next(256) : letters[random.Next(letters.Length)];
            }

            List<CutReceipt> receipts = [];
            Feed(cutter, bytes, receipts);
            if (random.Next(50) == 0 && (random.Next(2) == 0 ? cutter.OnSilence() : cutter.OnCut()) is { } rest)
            {
                receipts.Add(rest);
            }

            Assert.All(receipts, receipt => Assert.InRange(receipt.Bytes.Length, 1, 11 * 42));
        });
    }

    [Theory]
    [InlineData("(a", "Start: expected a regular expression")]
    [InlineData("(?=a)", "Start: expected a regular expression without look-around")]
    [InlineData("", "Start: expected a regular expression of 1..1000 characters, found 0")]
    public void Options_say_what_is_wrong_with_a_pattern(string pattern, string said) =>
        Assert.StartsWith(said, new LineTextOptions { Register = new("POS-1"), Start = pattern }.Fault(), StringComparison.Ordinal);

    [Fact]
    public void Options_say_what_is_wrong_with_a_number()
    {
        Assert.Null(Marked.Fault());
        Assert.Equal("Register: expected a name, found none", new LineTextOptions().Fault());
        Assert.Equal("MaxLine: expected 40..4096, found 39", new LineTextOptions { Register = new("P"), MaxLine = 39 }.Fault());
        Assert.Equal("MaxLines: expected 10..2000, found 2001", new LineTextOptions { Register = new("P"), MaxLines = 2001 }.Fault());
        Assert.Equal(
            "IdleTimeout: expected 1 s to 10 min, found 00:00:00", new LineTextOptions { Register = new("P"), IdleTimeout = default }.Fault());
    }

    private static List<CutReceipt> Cut(LineTextOptions options, ReadOnlySpan<byte> bytes, out ReceiptCutter cutter)
    {
        cutter = new(options);
        List<CutReceipt> receipts = [];
        Feed(cutter, bytes, receipts);
        return receipts;
    }

    private static void Feed(ReceiptCutter cutter, ReadOnlySpan<byte> bytes, List<CutReceipt> receipts)
    {
        while (cutter.TryCut(ref bytes, out CutReceipt receipt))
        {
            receipts.Add(receipt);
        }
    }

    private static string Text(CutReceipt receipt) => string.Join('|', LineTextReading.LinesOf(receipt.Bytes.Span, CodePage.Named("utf-8")));
}
