using FirmwareSim.Failures;
using FirmwareSim.LineText;
using FirmwareSim.Printing;
using FirmwareSim.Tills;
using Invoicing.Registers.LineText;
using Invoicing.Registers.Text;
using Invoicing.Sales;
using Microsoft.Extensions.Logging.Abstractions;
using Layout = FirmwareSim.Printing.ReceiptTemplate;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>Receipts as plain lines from the simulated journal port.</summary>
public sealed class LineTextRunTests(ITestOutputHelper output)
{
    private const string Serial = "SIM0001";

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
        LineTextOptions options = new()
        {
            Register = new(Serial),
            Start = "^\\s*cửa hàng mười$",
            End = "^\\s*cảm ơn quý khách",
            CodePage = CodePage.Named(EscPosRunTests.NameOf(charset)),
            Template = EscPosRunTests.TwoLines with { NumbersInSequence = true },
        };
        TillRun run = with(new()
        {
            Name = $"linetext {charset}",
            Serial = Serial,
            Protocol = Protocol.LineText,
            Front = (till, _) => new LineTextFront(till, charset, Layout.TwoLines),
            Driver = (line, s) => LineTextDrivers.Create(line, options, recorder, s.Captures, s.Time, NullLoggerFactory.Instance),
            Pace = TimeSpan.FromSeconds(8),
            NumberOf = null,
            CalmSeconds = 40,
        });
        return (await run.RunAsync(shop), [.. recorder.Sales]);
    }

    private void EachOnce(TillOutcome outcome, int sales)
    {
        output.WriteLine(outcome.ToString());
        Assert.Equal(outcome.Report with { Once = sales, Named = 0, Missing = 0, Twice = 0 }, outcome.Report);
    }
}
