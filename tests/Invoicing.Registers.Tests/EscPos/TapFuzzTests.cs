using System.Text;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.EscPos.Pages;
using Invoicing.Registers.EscPos.Tap;
using Invoicing.Registers.EscPos.Tokens;
using Invoicing.Registers.LineText;
using Invoicing.Registers.Receipts;
using Invoicing.Registers.Text;
using Invoicing.Sales;
using Invoicing.Settings;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.EscPos;

/// <summary>Anything may come in from a line: no parser throws, none holds more than it may, however the bytes are cut.</summary>
public sealed class TapFuzzTests(ITestOutputHelper output)
{
    private static readonly string[] Receipt =
    [
        "            CỬA HÀNG MƯỜI", "        12 phố Huế, Hà Nội", "           HÓA ĐƠN BÁN HÀNG", "Số HĐ: 000123             Thu ngân: Nguyễn Thị Mai", "Ngày: 15/08/2026 18:42:07",
        "------------------------------------------------", "Cà phê sữa đá", "  2 x 29.000                              58.000", "  Giảm giá                                -5.000",
        "Bún chả", "  1 x 45.000                              45.000", "------------------------------------------------", "Cộng tiền hàng:                           98.000",
        "Chiết khấu:                               -8.000", "TỔNG CỘNG:                                90.000", "Tiền mặt:                                 90.000",
        "------------------------------------------------", "        Cảm ơn quý khách, hẹn gặp lại!",
    ];

    private static readonly ReceiptTemplate Template = (new ReceiptTemplate
    {
        Items = [new(@"^(?<name>\S.*)$", @"^\s*{qty} x {price}\s+{amount}$"), new(@"^\s*(?<name>.*[a-z].*)\s+{amount}\W*$")],
        Payments = [new(@"^tiền mặt:\s*{amount}$", PaymentMeans.Cash), new(@"^thẻ:\s*{amount}$", PaymentMeans.Card)],
        Scope = NumberScope.Time,
        NumbersInSequence = true,
    }).With(TemplatePart.Start, "^-{8,}$").With(TemplatePart.ItemDiscount, @"^\s*giảm giá\s+{discount}$").With(TemplatePart.Subtotal, @"^cộng tiền hàng:\s*{amount}$")
        .With(TemplatePart.ReceiptDiscount, @"^chiết khấu:\s*{amount}$").With(TemplatePart.Total, @"^tổng cộng:\s*{amount}$").With(TemplatePart.Number, "^số hđ:\\s*(?<number>[0-9]+)")
        .With(TemplatePart.Date, "^ngày:\\s*(?<date>[0-9/]+)").With(TemplatePart.Time, @"^ngày:\s*\S+\s+(?<time>[0-9:]+)$");

    [Fact]
    public void The_tokenizer_gives_every_byte_once()
    {
        EscPosTokenizer tokenizer = new();
        FuzzRun.Run("tokenizer", output, Jobs, (input, random) =>
        {
            long given = 0;
            FuzzRun.InPieces(input, random, piece =>
            {
                ReadOnlySpan<byte> bytes = piece.Span;
                while (tokenizer.TryRead(ref bytes, out EscPosToken token))
                {
                    given += token.Bytes.Length;
                    Assert.InRange(tokenizer.Kept, 0, EscPosTokenizer.MaxToken);
                }
            });
            given += tokenizer.TryFlush(out EscPosToken rest) ? rest.Bytes.Length : 0;
            Assert.Equal(input.Length, given);
            tokenizer = new();
        });
    }

    [Fact]
    public void The_page_reader_holds_no_more_than_paper_does()
    {
        PageOptions[] options = [.. CodePage.All.Select(page => new PageOptions { Text = page, Columns = 32 })];
        FuzzRun.Run("page reader", output, Jobs, (input, random) =>
        {
            ReceiptPage page = PageReader.Read(input, options[random.Next(options.Length)]);
            Assert.True(page.Lines.Sum(line => line.Length) <= (input.Length * 160) + 1024);
        });
    }

    [Fact]
    public void The_receipt_cutter_is_bounded_and_cuts_the_same_however_the_bytes_come()
    {
        LineTextOptions[] options =
        [
            .. CodePage.All.Take(5).Select(page => new LineTextOptions
            {
                Register = new("FUZZ"), Start = "^\\s*cửa hàng", End = "cảm ơn", CodePage = page, MaxLine = 80, MaxLines = 40,
            }),
            new() { Register = new("FUZZ"), MaxLine = 40, MaxLines = 10 },
        ];
        (ReceiptCutter InPieces, ReceiptCutter AtOnce)[] cutters = [.. options.Select(one => (new ReceiptCutter(one), new ReceiptCutter(one)))];
        FuzzRun.Run("receipt cutter", output, Texts, (input, random) =>
        {
            int which = random.Next(options.Length);
            LineTextOptions chosen = options[which];
            ReceiptCutter cutter = cutters[which].InPieces;
            List<byte[]> pieces = [];
            FuzzRun.InPieces(input, random, piece =>
            {
                ReadOnlySpan<byte> bytes = piece.Span;
                while (cutter.TryCut(ref bytes, out CutReceipt receipt))
                {
                    pieces.Add(receipt.Bytes.ToArray());
                    Assert.InRange(receipt.Bytes.Length, 1, chosen.MaxLines * (chosen.MaxLine + 2));
                }
            });
            if (cutter.OnCut() is { } last)
            {
                pieces.Add(last.Bytes.ToArray());
            }

            Assert.True(pieces.Sum(piece => piece.Length) <= input.Length);
            if (random.Next(16) == 0)
            {
                Assert.Equal(Whole(cutters[which].AtOnce, input), pieces);
            }
        });
    }

    [Fact]
    public void The_decoders_give_the_same_text_however_the_bytes_come()
    {
        StringBuilder text = new();
        StringBuilder whole = new();
        FuzzRun.Run("code page decoders", output, Texts, (input, random) =>
        {
            CodePage page = CodePage.All[random.Next(CodePage.All.Length)];
            ComposingDecoder decoder = new(page);
            text.Clear();
            FuzzRun.InPieces(input, random, piece => decoder.Decode(piece.Span, text));
            decoder.Flush(text);
            Assert.True(text.Length <= input.Length);
            if (random.Next(16) == 0)
            {
                ComposingDecoder once = new(page);
                once.Decode(input, whole.Clear());
                once.Flush(whole);
                Assert.True(whole.Equals(text));
            }
        });
    }

    [Fact]
    public void The_template_reader_reads_or_says_why_not()
    {
        ReceiptReader reader = new(Template);
        NumberRun numbers = new();
        long sales = 0;
        FuzzRun.Run("template reader", output, Texts, (input, random) =>
        {
            IReadOnlyList<string> lines = LineTextReading.LinesOf(input, CodePage.All[0]);
            ReceiptReading reading = random.Next(8) == 0 && lines.Count > 0 ? reader.ReadTorn(lines, "torn") : reader.Read(lines);
            Assert.NotEmpty(reading.Text);
            if (reading.Number is { } number)
            {
                numbers.Next(new(number, reading.Scope), reading.Class);
            }

            if (reading.Class == CaptureClass.Sale)
            {
                sales++;
                Assert.Equal(reading.Total!.Value.Dong, reading.Lines.Sum(line => line.Amount.Dong) - reading.ReceiptDiscount.Dong);
            }
        });
        Assert.True(sales > 100, $"only {sales} inputs were read: they prove little");
    }

    [Fact]
    public void What_a_printer_says_is_told_apart_whatever_it_says()
    {
        PrinterReplies replies = new();
        FuzzRun.Run("printer replies", output, random => () => [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => random.Next(3) switch
        {
            0 => (byte)(0x12 | (random.Next(8) << 2)),
            1 => (byte)(random.Next(2) * 0x5F),
            _ => (byte)random.Next(256),
        })], (input, random) =>
        {
            for (int i = random.Next(4); i > 0; i--)
            {
                replies.Ask(random.Next(1, 1000));
                replies.AskedByTill([0x1D, (byte)'r', 1]);
            }

            List<byte> forTill = [];
            FuzzRun.InPieces(input, random, piece => Assert.InRange(replies.Take(piece.Span, forTill), 0, 1000));
            Assert.True(forTill.Count <= input.Length);
            if (random.Next(50) == 0)
            {
                replies.Begin();
            }
        });
    }

    /// <summary>A template is a file that people write: whatever stands in it is read, or the fault is named.</summary>
    [Fact]
    public void A_template_that_is_damaged_is_refused_by_its_key()
    {
        byte[] json = Encoding.UTF8.GetBytes(Template.ToJson());
        int refused = 0;
        Seeded.Run(2_000, random =>
        {
            try
            {
                ReceiptTemplate.Parse(Encoding.UTF8.GetString(EscPosNoise.Mutate(json, random)), "fuzz");
            }
            catch (SettingsException)
            {
                refused++;
            }
        });
        Assert.InRange(refused, 1, 2_000);
    }

    private static List<byte[]> Whole(ReceiptCutter cutter, byte[] input)
    {
        List<byte[]> pieces = [];
        ReadOnlySpan<byte> bytes = input;
        while (cutter.TryCut(ref bytes, out CutReceipt receipt))
        {
            pieces.Add(receipt.Bytes.ToArray());
        }

        if (cutter.OnCut() is { } last)
        {
            pieces.Add(last.Bytes.ToArray());
        }

        return pieces;
    }

    private static Func<byte[]> Jobs(Random random)
    {
        byte[] job = EscPosNoise.Base(random);
        return () => EscPosNoise.Mutate(job, random);
    }

    /// <summary>Whole receipts now and then, else a few lines out of one.</summary>
    private static Func<byte[]> Texts(Random random)
    {
        CodePage page = CodePage.All[random.Next(3) == 0 ? random.Next(CodePage.All.Length) : 0];
        string end = random.Next(4) switch { 0 => "\r", 1 => "\n", 2 => "\n\r", _ => "\r\n" };
        byte[][] lines = [.. Receipt.Select(line => (byte[])[.. CodePageEncoder.Encode(page, line), .. Encoding.ASCII.GetBytes(end)])];
        return () =>
        {
            int first = random.Next(8) == 0 ? 0 : random.Next(lines.Length);
            int count = first == 0 ? lines.Length : random.Next(1, 4);
            return EscPosNoise.Mutate([.. lines.Skip(first).Take(count).SelectMany(line => line)], random);
        };
    }
}
