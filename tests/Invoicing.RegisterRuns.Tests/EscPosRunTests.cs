using System.Collections.Immutable;
using FirmwareSim.EscPos;
using FirmwareSim.Failures;
using FirmwareSim.Printing;
using FirmwareSim.Tills;
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
public sealed class EscPosRunTests(ITestOutputHelper output)
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

    [Fact]
    public async Task A_template_learned_from_what_was_captured_reads_the_next_day()
    {
        List<ReadOnlyMemory<byte>> jobs = [];
        Played first = await PlayAsync(TapMode.Virtual, new(), null, run => run with { Sales = 40 }, jobs.Add);
        Assert.Equal((0, 0), (first.Outcome.Report.Once, first.Outcome.Report.Twice));

        LearnedTemplate learned = EscPosPreview.Learn(jobs, Page, "learned");
        output.WriteLine(learned.Template.ToJson());
        output.WriteLine($"{learned.AddUp} of {jobs.Count} add up");
        Played next = await PlayAsync(TapMode.Virtual, new() { Seed = 2 }, ReceiptTemplate.Parse(learned.Template.ToJson(), "learned"), run => run with { Sales = 40, Seed = 2 });
        output.WriteLine(next.Outcome.ToString());
        Assert.Equal((0, 0), (next.Outcome.Report.Missing, next.Outcome.Report.Twice));
        Assert.True(next.Outcome.Report.Once >= 20, next.Outcome.ToString()); // receipts with discounts on goods are left to a person

        Assert.Equal("utf-8", EscPosPreview.CodePages(jobs[0])[0].Page.Name);
        ReceiptPreview preview = EscPosPreview.Read(
            new(1, default, true, CaptureClass.Unjudged, string.Empty) { Bytes = jobs[0] }, Options(TapMode.Virtual, TwoLines, Charset.Utf8));
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
        from mode in Enum.GetValues<TapMode>() from seed in Enumerable.Range(1, 10) where !FewSeeds.Contains((mode, seed)) select (mode, seed));

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
        bool hasPrinter = true)
    {
        await using Shop shop = await Shop.OpenAsync();
        await shop.ImportGoodsAsync(goods => pos.Template == Layout.OneLine ? PrintedNames.Of(goods, CodePage.Named("utf-8"), NameColumns) : []);
        await using PlayedPrinter? printer = mode == TapMode.Virtual || !hasPrinter ? null : new(shop);
        await using AbsentLine? absent = hasPrinter ? null : new();
        SaleListener recorder = new(shop.Recorder);
        TillRun run = with(new()
        {
            Name = $"escpos {mode} {pos.Charset} {pos.Template}",
            Serial = Serial,
            Protocol = Protocol.EscPos,
            Front = (till, faults) => new EscPosFront(till, pos, new(pos, faults)),
            Driver = (line, s) => EscPosDrivers.Create(
                (line, printer?.GatewayLine ?? absent), recorder, new HeldCaptures(s.Gateway.Captures, s.Time, kept), Options(mode, template, pos.Charset), s.Time,
                NullLoggerFactory.Instance),
            Pace = TimeSpan.FromSeconds(8),
            NumberOf = null,
            CalmSeconds = 10,
        });
        TillOutcome outcome = await run.RunAsync(shop);
        return new(outcome, [.. recorder.Sales], printer?.Paper() ?? []);
    }

    private sealed record Played(TillOutcome Outcome, IReadOnlyList<Sale> Sales, byte[] Paper);

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

        public PlayedPrinter(Shop shop)
        {
            _paper = shop.File("paper");
            _serving = Task.Run(() => ServeAsync(new(_paper), shop.Time, _stop.Token));
        }

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

        private async Task ServeAsync(PrinterFront front, TimeProvider time, CancellationToken cancellationToken)
        {
            while (true)
            {
                await using Stream stream = await _cable.RegisterLine.OpenAsync(cancellationToken);
                try
                {
                    await front.ServeAsync(new(stream, FaultPlan.None(Protocol.EscPosPrinter), time), cancellationToken);
                }
                catch (IOException)
                {
                    // Its cable was pulled: it waits for the next one.
                }
            }
        }
    }
}
