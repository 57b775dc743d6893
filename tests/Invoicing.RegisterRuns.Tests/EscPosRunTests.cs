using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using FirmwareSim.EscPos;
using FirmwareSim.Failures;
using FirmwareSim.Printing;
using FirmwareSim.Tills;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.EscPos;
using Invoicing.Registers.EscPos.Pages;
using Invoicing.Registers.EscPos.Tap;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Receipts;
using Invoicing.Registers.Text;
using Invoicing.Sales;
using Microsoft.Extensions.Logging.Abstractions;
using Layout = FirmwareSim.Printing.ReceiptTemplate;
using ReceiptTemplate = Invoicing.Registers.Receipts.ReceiptTemplate;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>Taps between the simulated POS program, which prints ESC/POS by a code of its own, and the simulated printer.</summary>
public sealed partial class EscPosRunTests(ITestOutputHelper output)
{
    private const string Serial = "SIM0001";

    /// <summary>Width of the simulated program's column of names, where it prints goods in one line.</summary>
    private const int NameColumns = 21;

    /// <summary>What both layouts of the simulated program share, as a person would write it down.</summary>
    private const string Shared = """
        "numbers": { "thousands": ".", "decimal": "," },
        "itemDiscount": "^\\s*giảm giá\\s+{discount}$",
        "subtotal": "^cộng tiền hàng:\\s*{amount}$",
        "receiptDiscount": "^chiết khấu:\\s*{amount}$",
        "total": "^tổng cộng:\\s*{amount}$",
        "payments": [
          { "line": "^tiền mặt:\\s*{amount}$", "means": "cash" },
          { "line": "^thẻ:\\s*{amount}$", "means": "card" },
          { "line": "^chuyển khoản:\\s*{amount}$", "means": "transfer" },
          { "line": "^ví điện tử:\\s*{amount}$", "means": "wallet" },
          { "line": "^phiếu mua hàng:\\s*{amount}$", "means": "voucher" }
        ],
        "number": "^số hđ:\\s*(?<number>[0-9]+)",
        "cashier": "thu ngân:\\s*(?<cashier>.+)$",
        "date": "^ngày:\\s*(?<date>[0-9/]+)",
        "time": "^ngày:\\s*\\S+\\s+(?<time>[0-9:]+)$",
        "numberScope": "time",
        "other": "^\\s*(phiếu trả hàng|hóa đơn đã hủy|báo cáo cuối ngày)$"
        """;

    internal static readonly ReceiptTemplate TwoLines = ReceiptTemplate.Parse(
        $$"""{ "name": "two lines", "start": "^-{8,}$", "items": [ { "line": "^(?<name>\\S.*)$", "next": "^\\s*{qty} x {price}\\s+{amount}$" } ], {{Shared}} }""", "two lines");

    /// <summary>Columns without a blank between them: a price of a million leaves none.</summary>
    internal static readonly ReceiptTemplate OneLine = ReceiptTemplate.Parse(
        $$"""{ "name": "one line", "start": "^tên hàng.*t\\.tiền$", "items": [ { "line": "^(?<name>.{21})(?<qty>[ 0-9.,-]{6})(?<price>[ 0-9.,-]{9})(?<amount>[ 0-9.,-]{12})$" } ], {{Shared}} }""", "one line");

    public static TheoryData<TapMode, string> GoodDays => new()
    {
        { TapMode.Virtual, "utf8" }, { TapMode.Virtual, "tcvn3" }, { TapMode.Virtual, "cp1258" }, { TapMode.Virtual, "plain" },
        { TapMode.Observe, "utf8" }, { TapMode.Observe, "tcvn3" }, { TapMode.Gate, "utf8" }, { TapMode.Gate, "cp1258" },
    };

    [Theory]
    [MemberData(nameof(GoodDays))]
    public async Task On_a_good_day_each_sale_is_once_with_the_names_that_were_printed(TapMode mode, string charset)
    {
        PosOptions pos = new() { Charset = Named(charset), AsksStatus = mode != TapMode.Observe };
        Played played = await PlayAsync(mode, pos, TwoLines, run => run with { Sales = 100 });

        EachOnce(played, 100);
        Assert.Equal(100, played.Sales.Count);
        foreach (Sale sale in played.Sales)
        {
            RungReceipt rung = Assert.Single(played.Outcome.Rung, r => Receipt.Plain(r.Number) == Receipt.Plain(sale.ReceiptNumber));
            Assert.Equal(rung.Lines.Select(line => charset == "plain" ? Vietnamese.Plain(line.Title) : line.Title), sale.Lines.Select(line => line.Name));
            Assert.Equal(rung.Time, sale.ClosedAt!.Value.DateTime);
            Assert.Equal(rung.Payments.Sum(paid => paid.Amount), sale.Payments.Sum(paid => paid.Amount.Dong));
        }

        if (mode == TapMode.Gate)
        {
            Assert.Equal((100, 0), (Count(played.Paper, "Ma CQT: "u8), Count(played.Paper, "NOT INVOICED"u8)));
        }
    }

    [Fact]
    public async Task A_layout_of_one_line_for_goods_is_read_too()
    {
        Played played = await PlayAsync(TapMode.Virtual, new() { Template = Layout.OneLine }, OneLine, run => run with { Sales = 100 });

        EachOnce(played, 100);
    }

    public static TheoryData<string, string> Learned => new(
        Enum.GetNames<Layout>().SelectMany(layout => ((string[])["utf8", "tcvn3", "cp1258", "plain"]).Select(charset => (layout, charset))));

    /// <summary>Discounts on goods and on the whole, several payments and change among them.</summary>
    [Theory]
    [MemberData(nameof(Learned))]
    public async Task A_template_learned_from_what_was_captured_reads_the_next_day(string layout, string charset)
    {
        List<ReadOnlyMemory<byte>> jobs = [];
        PosOptions pos = new() { Template = Enum.Parse<Layout>(layout), Charset = Named(charset) };
        Played first = await PlayAsync(TapMode.Virtual, pos, null, run => run with { Sales = 40 }, jobs.Add);
        Assert.Equal((0, 0), (first.Outcome.Report.Once, first.Outcome.Report.Twice));

        LearnedTemplate learned = EscPosPreview.Learn(jobs, Page with { Text = CodePage.Named(NameOf(pos.Charset)) }, "learned");
        output.WriteLine(learned.Template.ToJson());
        output.WriteLine($"{learned.AddUp} of {jobs.Count} add up");
        foreach (ReceiptReading unread in learned.Readings.Where(reading => reading.Class != CaptureClass.Sale))
        {
            output.WriteLine($"{unread.Class}: {unread.Text}");
        }

        Assert.InRange(learned.AddUp, 36, 40);
        Played next = await PlayAsync(
            TapMode.Virtual, pos with { Seed = 2 }, ReceiptTemplate.Parse(learned.Template.ToJson(), "learned"), run => run with { Sales = 40, Seed = 2 });
        output.WriteLine(next.Outcome.ToString());
        Assert.Equal((0, 0), (next.Outcome.Report.Missing, next.Outcome.Report.Twice));
        Assert.True(next.Outcome.Report.Once >= 36, next.Outcome.ToString());
        foreach (Sale sale in next.Sales)
        {
            RungReceipt rung = Assert.Single(next.Outcome.Rung, r => Receipt.Plain(r.Number) == Receipt.Plain(sale.ReceiptNumber));
            Assert.Equal(rung.Lines.Select(line => (line.Quantity / 1000m, line.Amount)), sale.Lines.Select(line => (line.Quantity, line.Amount.Dong)));
        }

        if (charset != "utf8")
        {
            return;
        }

        Assert.Equal("utf-8", EscPosPreview.CodePages(jobs[0])[0].Page.Name);
        ReceiptPreview preview = EscPosPreview.Read(
            new(1, default, true, CaptureClass.Unjudged, string.Empty) { Bytes = jobs[0] }, Options(TapMode.Virtual, pos.Template == Layout.OneLine ? OneLine : TwoLines, Charset.Utf8));
        Assert.Equal(CaptureClass.Sale, preview.Reading.Class);
        Assert.Contains(preview.Lines, line => line.Contains("CỬA HÀNG MƯỜI", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(TapMode.Virtual)]
    [InlineData(TapMode.Observe)]
    [InlineData(TapMode.Gate)]
    public async Task Slips_for_the_kitchen_bills_before_payment_and_copies_are_never_invoiced(TapMode mode)
    {
        Played played = await PlayAsync(mode, new() { SlipPercent = 40 }, TwoLines, run => run with { Sales = 100, SpecialPercent = 20, DayCloseEvery = 30 });

        EachOnce(played, 100);
        ImmutableDictionary<string, long> counted = played.Outcome.Status.Counters;
        Assert.Equal(played.Outcome.Rung.Count(r => r.Class == ReceiptClass.Kitchen), counted["kitchen slips"]);
        Assert.Equal(played.Outcome.Rung.Count(r => r.Class == ReceiptClass.ProForma), counted["pro-forma bills"]);
        Assert.Equal(played.Outcome.Rung.Count(r => r.Class == ReceiptClass.Copy), counted["copies"] + counted["reprints"]);
        Assert.True(counted["copies"] > 5 && counted["reprints"] > 5, "expected copies with and without their mark");
    }

    private static readonly (TapMode Mode, int Seed)[] FewSeeds =
        [(TapMode.Virtual, 2), (TapMode.Virtual, 5), (TapMode.Observe, 3), (TapMode.Observe, 8), (TapMode.Gate, 4), (TapMode.Gate, 7)];

    public static TheoryData<TapMode, int> SomeSeeds => new(FewSeeds);

    [Theory]
    [MemberData(nameof(SomeSeeds))]
    public Task With_every_fault_each_sale_is_once_or_named_and_never_twice(TapMode mode, int seed) => PlayFaultsAsync(mode, seed);

    public static TheoryData<TapMode, int> ManySeeds => new(
        Enum.GetValues<TapMode>().SelectMany(mode => Enumerable.Range(1, 10).Select(seed => (mode, seed))).Except(FewSeeds));

    [Theory]
    [Trait("run", "long")]
    [MemberData(nameof(ManySeeds))]
    public Task With_every_fault_of_many_seeds_each_sale_is_once_or_named_and_never_twice(TapMode mode, int seed) => PlayFaultsAsync(mode, seed);

    private async Task PlayFaultsAsync(TapMode mode, int seed)
    {
        var charset = (Charset)(seed % 4);
        Played played = await PlayAsync(
            mode, new() { Charset = charset, SlipPercent = 10, Seed = seed }, TwoLines with { NumbersInSequence = true },
            run => run with { Sales = 1000, Seed = seed, Rate = 10, SpecialPercent = 5, DayCloseEvery = 200 });

        output.WriteLine(played.Outcome.ToString());
        output.WriteLine(string.Join(", ", played.Outcome.Status.Counters.Select(count => $"{count.Key} {count.Value}")));
        Assert.Equal((1000, 0, 0), (played.Outcome.Report.Sold, played.Outcome.Report.Missing, played.Outcome.Report.Twice));
        Assert.True(played.Outcome.Report.Once >= 980, played.Outcome.ToString()); // of a thousand, some ten are pictures, and some go on in the job of a torn one
    }

    public static TheoryData<TapMode, bool, int> PrinterSeeds =>
        new([(TapMode.Gate, true, 1), (TapMode.Gate, true, 6), (TapMode.Gate, false, 2), (TapMode.Observe, false, 3)]);

    public static TheoryData<TapMode, bool, int> ManyPrinterSeeds => new(Enumerable.Range(1, 10).SelectMany(
        seed => ((TapMode, bool, int)[])[(TapMode.Gate, true, seed), (TapMode.Gate, false, seed), (TapMode.Observe, false, seed)]));

    [Theory]
    [MemberData(nameof(PrinterSeeds))]
    public Task What_a_printer_does_that_is_pulled_or_out_of_paper_is_told(TapMode mode, bool confirms, int seed) => PlayPrinterAsync(mode, confirms, seed);

    [Theory]
    [Trait("run", "long")]
    [MemberData(nameof(ManyPrinterSeeds))]
    public Task What_a_printer_of_many_seeds_does_is_told(TapMode mode, bool confirms, int seed) => PlayPrinterAsync(mode, confirms, seed);

    /// <summary>
    /// Faults of the program and of the printer: no paper bears a code that is not in the ledger, and each invoice is on paper whole, if the printer is
    /// asked; if it is not asked, no more are missing than were told. Whether a printer that is switched off without paper had a receipt in its buffer
    /// nobody can tell who does not ask, so those that are not asked have paper.
    /// </summary>
    private async Task PlayPrinterAsync(TapMode mode, bool confirms, int seed)
    {
        FaultPlan printerFaults = new(Protocol.EscPosPrinter, [], seed, 20);
        Played played = await PlayAsync(
            mode, new() { Seed = seed, HasLogo = false }, TwoLines with { NumbersInSequence = true },
            run => run with { Sales = 300, Seed = seed, Rate = 5, CalmSales = 3 }, printerFaults: printerFaults, roll: confirms ? 40 : 0, confirms: confirms);

        ImmutableDictionary<string, long> counted = played.Outcome.Status.Counters;
        string paper = Encoding.Latin1.GetString(played.Paper);
        string[] onPaper = [.. PrintedCode().Matches(paper).Select(match => match.Groups["code"].Value)];
        HashSet<string> whole = [.. WholeReceipt().Matches(paper).Select(match => match.Groups["code"].Value)];
        int never = played.Codes.Count(code => !whole.Contains(code));
        output.WriteLine(played.Outcome.ToString());
        output.WriteLine(string.Join(", ", counted.Select(count => $"{count.Key} {count.Value}")));
        output.WriteLine($"printer: {string.Join(' ', printerFaults.Struck.Select(f => $"{f.Key}:{f.Value}"))}; {played.Codes.Count} invoices, {onPaper.Length} codes on paper, {whole.Count} whole, {never} never whole");
        Assert.Equal((300, 0, 0), (played.Outcome.Report.Sold, played.Outcome.Report.Missing, played.Outcome.Report.Twice));
        Assert.True(played.Outcome.Report.Once >= 290, played.Outcome.ToString());
        Assert.Empty(onPaper.Except(played.Codes));
        if (mode == TapMode.Gate)
        {
            Assert.InRange(never, 0, confirms ? 0 : counted.GetValueOrDefault("receipts that may not be on paper") + counted.GetValueOrDefault("printed again after the printer went"));
        }
        else
        {
            Assert.Empty(onPaper);
        }
    }

    /// <summary>A code that went out to its end.</summary>
    [GeneratedRegex(@"Ma CQT: (?<code>\S+)\n", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex PrintedCode();

    /// <summary>A code, and behind it the cut, before another receipt begins.</summary>
    [GeneratedRegex(@"Ma CQT: (?<code>\S+)\n([^\x1B\x1D]|\x1B[^@]|\x1D[^V])*\x1DV", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex WholeReceipt();

    /// <summary>
    /// The program asks for the printer's state and prints; a job that the line broke it prints again. So the k-th try is cut after k bytes,
    /// its question and the answer counted, until one passes.
    /// </summary>
    [Theory]
    [InlineData(TapMode.Virtual)]
    [InlineData(TapMode.Gate)]
    public async Task A_line_cut_after_every_byte_of_a_job_gives_its_sale_once(TapMode mode)
    {
        PosOptions pos = new() { HasLogo = false, AsksStatus = true };
        int length = (int)(await PlayAsync(mode, pos, TwoLines, run => run with { Sales = 1 })).Outcome.Bytes;

        const int Question = 3;
        const int Answer = 1;
        List<long> cuts = [];
        long start = 0;
        for (int i = 0; i < length; i++)
        {
            cuts.Add(start + i);
            start += i < Question ? Question : i < Question + Answer ? Question + Answer : length;
        }

        Played played = await PlayAsync(mode, pos, TwoLines, run => run with { Sales = 1, Cuts = cuts });

        output.WriteLine($"{length} bytes, {played.Outcome.Ledger.Holes.Count} named as torn");
        EachOnce(played, 1);
        Assert.Equal(length, played.Outcome.Cuts);
        Assert.InRange(played.Outcome.Ledger.Holes.Count, length / 2, length);
    }

    /// <summary>
    /// What the line loses the program prints again, where it learns of it; what was in a buffer is lost unseen, and is torn or missing by its number.
    /// </summary>
    [Theory]
    [InlineData(TapMode.Observe, true, 13)]
    [InlineData(TapMode.Observe, false, 13)]
    [InlineData(TapMode.Virtual, false, 17)]
    [InlineData(TapMode.Gate, false, 17)]
    public Task A_cut_after_any_byte_is_once_or_named(TapMode mode, bool isNoticed, int step) => CutEverywhereAsync(mode, isNoticed, step);

    [Theory]
    [Trait("run", "long")]
    [InlineData(TapMode.Observe, true, 1)]
    [InlineData(TapMode.Observe, false, 1)]
    [InlineData(TapMode.Virtual, false, 1)]
    [InlineData(TapMode.Gate, false, 1)]
    public Task A_cut_after_every_byte_is_once_or_named(TapMode mode, bool isNoticed, int step) => CutEverywhereAsync(mode, isNoticed, step);

    /// <summary>Three sales, cut after each byte of the second: what is lost of the first ever has no number before it that it would be missing behind.</summary>
    private async Task CutEverywhereAsync(TapMode mode, bool isNoticed, int step)
    {
        PosOptions pos = new() { HasLogo = false };
        await using Shop printing = await Shop.OpenAsync();
        await using PlayedPrinter? printer = mode == TapMode.Virtual ? null : new(printing);
        TillRun run = new()
        {
            Name = $"escpos {mode} {(isNoticed ? "seen" : "unseen")}",
            Protocol = Protocol.EscPos,
            Front = (till, faults) => new EscPosFront(till, pos, new(pos, faults)),
            Driver = Driver(Serial),
            DriverOf = Driver,
            Sales = 3,
            NoticesCuts = isNoticed,
            IsAnswered = true,
            Pace = TimeSpan.FromSeconds(8),
            NumberOf = null,
            CalmSeconds = 10,
        };
        await run.CutEverywhereAsync(
            (at, bytes) => at % step == 0 && at > bytes / 3 && at < bytes * 2 / 3,
            report => report is { Missing: 0, Twice: 0 } && report.Once >= (isNoticed ? 3 : 2),
            output);

        Func<ILine, Shop, IRegisterDriver> Driver(string name) => (line, shop) => EscPosDrivers.Create(
            (line, printer?.GatewayLine), shop.Recorder, shop.Captures,
            Options(mode, TwoLines with { NumbersInSequence = true }, pos.Charset) with { Register = new(name) }, shop.Time, NullLoggerFactory.Instance);
    }

    /// <summary>
    /// A till that prints while its printer is away and then loses its line believes that the paper came: what it said is heard to its end.
    /// </summary>
    [Fact]
    public async Task What_an_observed_till_said_before_it_went_is_invoiced_though_its_printer_was_away()
    {
        PosOptions pos = new() { HasLogo = false };
        long length = (await PlayAsync(TapMode.Observe, pos, TwoLines, run => run with { Sales = 1 })).Outcome.Bytes;

        Played played = await PlayAsync(TapMode.Observe, pos, TwoLines, run => run with { Sales = 2, Cuts = [length] }, hasPrinter: false);

        EachOnce(played, 2);
    }

    private static PageOptions Page => new()
    {
        Columns = 0,
        SmallColumns = 0,
        ByCommand = ImmutableDictionary<int, CodePage>.Empty
            .Add(TextCoder.TcvnSmall, CodePage.Named("tcvn3-1")).Add(TextCoder.TcvnCapital, CodePage.Named("tcvn3-2"))
            .Add(TextCoder.Windows1258, CodePage.Named("cp1258")),
    };

    private static TapOptions Options(TapMode mode, ReceiptTemplate? template, Charset charset) => new()
    {
        Register = new(Serial),
        Mode = mode,
        Template = template,
        Page = Page with { Text = CodePage.Named(NameOf(charset)) },
    };

    internal static string NameOf(Charset charset) => charset switch { Charset.Tcvn3 => "tcvn3-1", Charset.Cp1258 => "cp1258", _ => "utf-8" };

    internal static Charset Named(string charset) => Enum.Parse<Charset>(charset, ignoreCase: true);

    private void EachOnce(Played played, int sales)
    {
        output.WriteLine(played.Outcome.ToString());
        Assert.Equal(played.Outcome.Report with { Once = sales, Named = 0, Missing = 0, Twice = 0 }, played.Outcome.Report);
    }

    private static int Count(ReadOnlySpan<byte> paper, ReadOnlySpan<byte> word)
    {
        int count = 0;
        for (int at = paper.IndexOf(word); at >= 0; at = paper.IndexOf(word))
        {
            count++;
            paper = paper[(at + word.Length)..];
        }

        return count;
    }

    private static async Task<Played> PlayAsync(
        TapMode mode, PosOptions pos, ReceiptTemplate? template, Func<TillRun, TillRun> with, Action<ReadOnlyMemory<byte>>? kept = null,
        bool hasPrinter = true, FaultPlan? printerFaults = null, int roll = 0, bool confirms = false)
    {
        await using Shop shop = await Shop.OpenAsync();
        await shop.ImportGoodsAsync(goods => pos.Template == Layout.OneLine ? PrintedNames.Of(goods, CodePage.Named("utf-8"), NameColumns) : []);
        await using PlayedPrinter? printer = mode == TapMode.Virtual || !hasPrinter ? null : new(shop, printerFaults, roll);
        await using AbsentLine? absent = hasPrinter ? null : new();
        SaleListener recorder = new(shop.Recorder);
        TillRun run = with(new()
        {
            Name = $"escpos {mode} {pos.Charset} {pos.Template}",
            Serial = Serial,
            Protocol = Protocol.EscPos,
            Front = (till, faults) => new EscPosFront(till, pos, new(pos, faults)),
            Driver = (line, s) => EscPosDrivers.Create(
                (line, printer?.GatewayLine ?? absent), recorder, new HeldCaptures(s.Gateway.Captures, s.Time, kept), Options(mode, template, pos.Charset) with { ConfirmsPaper = confirms }, s.Time,
                NullLoggerFactory.Instance),
            Pace = TimeSpan.FromSeconds(8),
            NumberOf = null,
            CalmSeconds = 10,
        });
        TillOutcome outcome = await run.RunAsync(shop);
        return new(outcome, [.. recorder.Sales], printer?.Paper() ?? [], Codes(shop.Journal));
    }

    private static List<string> Codes(string journal)
    {
        using var reader = JournalReader.Open(journal);
        List<string> codes = [];
        for (long after = 0; after < reader.ReadHead();)
        {
            foreach (SignedEntry entry in reader.ReadPage(after, 512))
            {
                after = entry.Position;
                if (entry.Kind == EntryKind.Invoice && JournalFile.InvoiceOf(entry) is { } invoice)
                {
                    codes.Add(invoice.Code.ToString());
                }
            }
        }

        return codes;
    }

    /// <summary>A run and what it left.</summary>
    /// <param name="Outcome">What came of the run.</param>
    /// <param name="Sales">What was recorded.</param>
    /// <param name="Paper">What is on paper.</param>
    /// <param name="Codes">The codes of all invoices in the ledger.</param>
    private sealed record Played(TillOutcome Outcome, IReadOnlyList<Sale> Sales, byte[] Paper, IReadOnlyList<string> Codes);

    /// <summary>The line of a printer that is switched off.</summary>
    private sealed class AbsentLine : ILine
    {
        public string Name => "absent";

        public bool IsTransparent => true;

        public async ValueTask<ILineConnection> ConnectAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException("expected to wait for ever");
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>The simulated printer on a cable of its own.</summary>
    private sealed class PlayedPrinter : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Cable _cable = new([]);
        private readonly string _paper;
        private readonly Task _serving;

        /// <summary>How long a printer is away that was pulled, switched off, or fell silent.</summary>
        private static readonly TimeSpan Away = TimeSpan.FromSeconds(3);

        public PlayedPrinter(Shop shop, FaultPlan? faults = null, int roll = 0)
        {
            _paper = shop.File("paper");
            Faults = faults ?? FaultPlan.None(Protocol.EscPosPrinter);
            _serving = Task.Run(() => ServeAsync(new(_paper, roll), Faults, shop.Time, _stop.Token));
        }

        public FaultPlan Faults { get; }

        public ILine GatewayLine => _cable.GatewayLine;

        public byte[] Paper()
        {
            using FileStream file = new(_paper, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }

        private async Task ServeAsync(PrinterFront front, FaultPlan faults, TimeProvider time, CancellationToken cancellationToken)
        {
            while (true)
            {
                await using Stream stream = await _cable.RegisterLine.OpenAsync(cancellationToken);
                try
                {
                    await front.ServeAsync(new(stream, faults, time), cancellationToken);
                }
                catch (IOException)
                {
                    // Its cable was pulled: it waits for the next one.
                }
                catch (LineBrokenException broken)
                {
                    if (broken.Fault != Fault.HalfOpen)
                    {
                        await stream.DisposeAsync();
                    }

                    front.Restart();
                    await Task.Delay(Away, time, cancellationToken);
                }
            }
        }
    }
}
