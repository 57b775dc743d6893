using FirmwareSim.Failures;
using FirmwareSim.LineText;
using FirmwareSim.Printing;
using FirmwareSim.Tills;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.LineText;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Text;
using Invoicing.Sales;
using Microsoft.Extensions.Logging.Abstractions;
using Layout = FirmwareSim.Printing.ReceiptTemplate;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>Receipts as plain lines from the simulated journal port.</summary>
public sealed class LineTextRunTests(ITestOutputHelper output)
{
    private const string Serial = "SIM0001";

    /// <summary>Blanks that centre a receipt's first line.</summary>
    private const int FirstBlanks = 17;

    [Theory]
    [InlineData("utf8")]
    [InlineData("tcvn3")]
    [InlineData("cp1258")]
    [InlineData("plain")]
    public async Task On_a_good_day_each_sale_is_once_with_the_names_that_were_written(string charset)
    {
        (TillOutcome outcome, IReadOnlyList<Sale> sales) = await PlayAsync(EscPosRunTests.Named(charset), run => run with { Sales = 100, SpecialPercent = 20, DayCloseEvery = 30 });

        EachOnce(outcome, 100);
        Assert.Equal(100, sales.Count);
        foreach (Sale sale in sales)
        {
            RungReceipt rung = Assert.Single(outcome.Rung, r => Receipt.Plain(r.Number) == Receipt.Plain(sale.ReceiptNumber));
            Assert.Equal(rung.Lines.Select(line => Expected(line.Title, charset)), sale.Lines.Select(line => line.Name));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public Task With_every_fault_each_sale_is_once_or_named_and_never_twice(int seed) => PlayFaultsAsync(seed);

    [Theory]
    [Trait("run", "long")]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public Task With_every_fault_of_many_seeds_each_sale_is_once_or_named_and_never_twice(int seed) => PlayFaultsAsync(seed);

    private async Task PlayFaultsAsync(int seed)
    {
        (TillOutcome outcome, _) = await PlayAsync((Charset)(seed % 4), run => run with { Sales = 1000, Seed = seed, Rate = 10, SpecialPercent = 5, DayCloseEvery = 200 });

        output.WriteLine(outcome.ToString());
        Assert.Equal((1000, 0, 0), (outcome.Report.Sold, outcome.Report.Missing, outcome.Report.Twice));
        Assert.True(outcome.Report.Once >= 995, outcome.ToString());
    }

    /// <summary>The journal port writes a receipt again that its line broke: the cut piece is named, and the sale comes once.</summary>
    [Fact]
    public async Task A_cable_pulled_every_2003_bytes_loses_nothing()
    {
        (TillOutcome outcome, _) = await PlayAsync(
            Charset.Utf8, run => run with { Sales = 200, Cuts = [.. Enumerable.Range(1, 500).Select(i => 2003L * i)] });

        output.WriteLine(string.Join(", ", outcome.Status.Counters.Select(count => $"{count.Key} {count.Value}")));
        output.WriteLine($"{outcome.Bytes} bytes");
        EachOnce(outcome, 200);
    }

    /// <summary>What was in a buffer on its way is lost, and the register believes that it wrote it: a torn piece or a gap in the numbers says so.</summary>
    [Theory]
    [InlineData(2003)]
    [InlineData(6007)]
    public async Task What_a_pulled_cable_loses_unseen_is_named(int every)
    {
        (TillOutcome outcome, _) = await PlayAsync(
            Charset.Utf8, run => run with { Sales = 200, NoticesCuts = false, Cuts = [.. Enumerable.Range(1, 100).Select(i => (long)every * i)] });

        output.WriteLine(outcome.ToString());
        output.WriteLine(string.Join(", ", outcome.Status.Counters.Select(count => $"{count.Key} {count.Value}")));
        Assert.Equal((200, 0, 0), (outcome.Report.Sold, outcome.Report.Missing, outcome.Report.Twice));
        Assert.InRange(outcome.Report.Named, 20, 100);
    }

    /// <summary>The k-th try is cut after k bytes, until one passes.</summary>
    [Fact]
    public async Task A_line_cut_after_every_byte_of_a_receipt_gives_its_sale_once()
    {
        int length = (int)(await PlayAsync(Charset.Utf8, run => run with { Sales = 1 })).Outcome.Bytes;

        (TillOutcome outcome, _) = await PlayAsync(
            Charset.Utf8, run => run with { Sales = 1, IsAnswered = true, Cuts = [.. Enumerable.Range(0, length).Select(i => ((long)length * i) + i)] });

        output.WriteLine($"{length} bytes, {outcome.Ledger.Holes.Count} named as torn");
        EachOnce(outcome, 1);
        Assert.Equal(length, outcome.Cuts);
        Assert.InRange(outcome.Ledger.Holes.Count, length / 2, length);
    }

    /// <summary>
    /// Three receipts, cut after each byte of the first two. Of the first receipt ever the blanks before its first word leave no trace: there is no
    /// number before it that it would be missing behind.
    /// </summary>
    [Theory]
    [InlineData(true, 13)]
    [InlineData(false, 13)]
    public Task A_cut_after_any_byte_is_once_or_named(bool isNoticed, int step) => CutEverywhereAsync(isNoticed, step);

    [Theory]
    [Trait("run", "long")]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    public Task A_cut_after_every_byte_is_once_or_named(bool isNoticed, int step) => CutEverywhereAsync(isNoticed, step);

    private Task CutEverywhereAsync(bool isNoticed, int step) => (Run(Charset.Utf8) with { Sales = 3, NoticesCuts = isNoticed, IsAnswered = true }).CutEverywhereAsync(
        (at, bytes) => at % step == 0 && (isNoticed || at > FirstBlanks) && at < bytes * 2 / 3,
        report => report is { Missing: 0, Twice: 0 } && report.Once >= (isNoticed ? 3 : 2),
        output);

    /// <summary>Without a command that selects its second page, capitals of TCVN-3 lose their marks on the wire.</summary>
    private static string Expected(string title, string charset) => charset switch
    {
        "plain" => Vietnamese.Plain(title),
        "tcvn3" => string.Concat(title.Select(c => char.IsUpper(c) ? Vietnamese.Plain(c.ToString()) : c.ToString())),
        _ => title,
    };

    private static async Task<(TillOutcome Outcome, IReadOnlyList<Sale> Sales)> PlayAsync(Charset charset, Func<TillRun, TillRun> with)
    {
        await using Shop shop = await Shop.OpenAsync();
        await shop.ImportGoodsAsync(goods => PrintedNames.Of(goods, CodePage.Named(EscPosRunTests.NameOf(charset))));
        SaleListener recorder = new(shop.Recorder);
        TillRun run = with(Run(charset) with { Driver = (line, s) => LineTextDrivers.Create(line, Options(Serial, charset), recorder, s.Captures, s.Time, NullLoggerFactory.Instance) });
        return (await run.RunAsync(shop), [.. recorder.Sales]);
    }

    private static TillRun Run(Charset charset)
    {
        return new()
        {
            Name = $"linetext {charset}",
            Protocol = Protocol.LineText,
            Front = (till, _) => new LineTextFront(till, charset, Layout.TwoLines),
            Driver = Driver(Serial),
            DriverOf = Driver,
            Serial = Serial,
            Pace = TimeSpan.FromSeconds(8),
            NumberOf = null,
            CalmSeconds = 40,
        };

        Func<ILine, Shop, IRegisterDriver> Driver(string name) => (line, shop) =>
            LineTextDrivers.Create(line, Options(name, charset), shop.Recorder, shop.Captures, shop.Time, NullLoggerFactory.Instance);
    }

    private static LineTextOptions Options(string name, Charset charset) => new()
    {
        Register = new(name),
        Start = "^\\s*cửa hàng mười$",
        End = "^\\s*cảm ơn quý khách",
        CodePage = CodePage.Named(EscPosRunTests.NameOf(charset)),
        Template = EscPosRunTests.TwoLines with { NumbersInSequence = true },
    };

    private void EachOnce(TillOutcome outcome, int sales)
    {
        output.WriteLine(outcome.ToString());
        Assert.Equal(outcome.Report with { Once = sales, Named = 0, Missing = 0, Twice = 0 }, outcome.Report);
    }
}
