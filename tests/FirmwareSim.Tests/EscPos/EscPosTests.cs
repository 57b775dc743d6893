using System.Globalization;
using System.Text;
using FirmwareSim.EscPos;
using FirmwareSim.Failures;
using FirmwareSim.LineText;
using FirmwareSim.Printing;
using FirmwareSim.Tests.Tills;
using FirmwareSim.Tills;
using Invoicing.Testing;

namespace FirmwareSim.Tests.EscPos;

public sealed class EscPosTests
{
    [Theory]
    [InlineData("Tiền mặt", "5469EACC6E206DE3F274", "1B7434")]
    [InlineData("ĐẶNG Ỷ ượ", "D0C3F24E472059D220FDF5F2", "1B7434")]
    public void Windows_1258_has_tone_marks_behind_their_letter(string text, string hex, string page) =>
        Assert.Equal(page + hex, Convert.ToHexString(TextCoder.Encode(text, Charset.Cp1258)));

    [Theory]
    [InlineData("Tiền mặt", "1B741E5469D26E206DC674")]
    [InlineData("ổỵđ ĐẶ", "1B741EE6FEAE201B741FA7C6")]
    public void TCVN3_switches_between_small_and_capital_letters(string text, string hex) =>
        Assert.Equal(hex, Convert.ToHexString(TextCoder.Encode(text, Charset.Tcvn3)));

    [Fact]
    public void Every_letter_of_Vietnamese_has_a_place_in_every_charset()
    {
        string letters = string.Concat("aăâeêioôơuưyAĂÂEÊIOÔƠUƯY".SelectMany(letter => Enumerable.Range(0, 0x2000).Select(c => (char)c)
            .Where(c => Vietnamese.TakeApart(c).Letter == letter && c > 0x7F).Distinct())) + "đĐ";
        Assert.Equal(134, letters.Length);
        foreach (char letter in letters)
        {
            Assert.NotEqual("?", Vietnamese.Plain(letter.ToString()));
            Assert.All(TextCoder.Encode(letter.ToString(), Charset.Tcvn3)[^1..], code => Assert.True(code >= 0xA0, letter.ToString()));
            byte[] windows = TextCoder.Encode(letter.ToString(), Charset.Cp1258, mayWrite: false);
            (char bare, char tone) = Vietnamese.TakeApart(letter);
            Assert.Equal(tone == '\0' ? 1 : 2, windows.Length);
            Encoding decoder = CodePagesEncodingProvider.Instance.GetEncoding(1258)!;
            Assert.Equal(tone == '\0' ? $"{bare}" : $"{bare}{tone}", decoder.GetString(windows));
        }
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(true, 9)]
    public async Task A_POS_program_prints_every_receipt_on_the_printer_whatever_the_line_does(bool asks, int faultsEvery)
    {
        await using TillBench bench = new();
        FaultPlan faults = faultsEvery == 0 ? FaultPlan.None(Protocol.EscPos) : TillBench.Faults(Protocol.EscPos, faultsEvery);
        PosOptions pos = new() { AsksStatus = asks, SlipPercent = 30, Charset = Charset.Plain };
        TillOptions till = new() { Serial = "POS1", SpecialPercent = 20 };
        await using TillRunner runner = new(bench.Options(it => new EscPosFront(it, pos, new JobMaker(pos, faults)), faults, 40, till));
        using CancellationTokenSource stop = new();
        Task running = runner.RunAsync(stop.Token);
        PrinterFront printer = new(bench.File("paper"));
        while (!running.IsCompleted)
        {
            using Stream line = bench.Line.Plug();
            RegisterWire wire = new(line, FaultPlan.None(Protocol.EscPosPrinter), bench.Time);
            try
            {
                Task serving = printer.ServeAsync(wire, stop.Token);
                await Task.WhenAny(serving, running).Soon(TimeSpan.FromSeconds(60));
                line.Dispose();
                await serving;
            }
            catch (IOException)
            {
                // The POS program pulled the line: it comes again.
            }

            printer.Restart();
        }

        await running;
        string paper = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(bench.File("paper"), TestContext.Current.CancellationToken));
        RungReceipt[] book = [.. bench.Book()];
        Assert.Equal(40, book.Count(receipt => receipt.Class == ReceiptClass.Sale));
        Assert.Contains(book, receipt => receipt.Class == ReceiptClass.Kitchen);
        Assert.Contains(book, receipt => receipt.Class == ReceiptClass.Copy);
        int images = faultsEvery == 0 ? 0 : runner.Summary.Faults["raster-only"];
        int missing = book.Count(receipt => receipt.Class == ReceiptClass.Sale && !paper.Contains($"So HD: {receipt.Number:D6}", StringComparison.Ordinal));
        Assert.InRange(missing, 0, images);
        if (faultsEvery == 0)
        {
            Assert.Equal(book.Count(receipt => receipt.Class != ReceiptClass.Cancelled || receipt.IsAfterTotal), printer.Cuts);
        }
    }

    [Fact]
    public async Task A_printer_answers_questions_but_not_what_lies_in_an_image()
    {
        await using TillBench bench = new();
        using Stream line = bench.Line.Plug();
        PrinterFront printer = new(bench.File("paper"));
        using Stream end = await bench.Line.OpenAsync(TestContext.Current.CancellationToken);
        Task serving = printer.ServeAsync(new RegisterWire(end, FaultPlan.None(Protocol.EscPosPrinter), bench.Time), TestContext.Current.CancellationToken);
        byte[] image = new JobBuilder().Begin().Image(2, 4, new FirmwareSim.Baskets.SeededDraw(1, 1), [0x10, 0x04, 0x01]).Bytes;

        byte[] sent = [.. image, 0x10, 0x04, 0x02, 0x1D, (byte)'r', 1, 0x1D, (byte)'a', 0xFF, .. new JobBuilder().QrCode("x\x10\x04\x01").Cut(withFeed: true).Bytes];
        foreach (byte[] piece in sent.Chunk(3))
        {
            await line.WriteAsync(piece, TestContext.Current.CancellationToken);
        }

        byte[] answers = new byte[6];
        await line.ReadExactlyAsync(answers, TestContext.Current.CancellationToken).AsTask().Soon();
        line.Dispose();
        await serving.Soon();
        Assert.Equal("120010000000", Convert.ToHexString(answers));
        Assert.Equal(1, printer.Cuts);
        Assert.Equal(sent, await File.ReadAllBytesAsync(bench.File("paper"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_QR_code_holds_the_amount_and_the_check_of_the_standard()
    {
        string text = VietQr.Of(90_900, "HD000042");

        Assert.StartsWith("000201010212", text, StringComparison.Ordinal);
        Assert.Contains("540590900", text, StringComparison.Ordinal);
        Assert.Contains("0808HD000042", text, StringComparison.Ordinal);

        // CRC-16/CCITT-FALSE over everything before it, reckoned here bit by bit.
        int crc = 0xFFFF;
        foreach (char c in text[..^4])
        {
            for (int bit = 7; bit >= 0; bit--)
            {
                bool top = ((crc >> 15) & 1) != ((c >> bit) & 1);
                crc = ((crc << 1) & 0xFFFF) ^ (top ? 0x1021 : 0);
            }
        }

        Assert.Equal(crc.ToString("X4", CultureInfo.InvariantCulture), text[^4..]);
    }

    [Fact]
    public async Task A_register_writes_each_receipt_as_lines()
    {
        await using TillBench bench = new();
        var faults = FaultPlan.None(Protocol.LineText);
        await using TillRunner runner = new(bench.Options(till => new LineTextFront(till, Charset.Utf8, ReceiptTemplate.OneLine), faults, 10));
        Task running = runner.RunAsync(TestContext.Current.CancellationToken);
        using Stream line = bench.Line.Plug();
        using StreamReader reader = new(line, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));

        string text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken).Soon(TimeSpan.FromSeconds(30));

        await running;
        string expected = string.Concat(bench.Book().SelectMany(receipt => new ReceiptLayout(ReceiptTemplate.OneLine).Of(receipt, receipt.Class)).Select(item => item + "\r\n"));
        Assert.Equal(expected, text);
        Assert.Equal(10, text.Split("TỔNG CỘNG:").Length - 1);
    }
}
