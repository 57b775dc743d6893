using FirmwareSim.Eutron;
using FirmwareSim.Failures;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Eutron;
using Invoicing.Registers.Lines;
using Invoicing.Sales;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>Eutron registers, on a serial line and over TCP, against the simulated ones.</summary>
public sealed class EutronRunTests(ITestOutputHelper output)
{
    private static TillRun Serial => new()
    {
        Name = "eutron",
        Protocol = Protocol.Eutron,
        LastNumber = LogRecords.LastReceipt,
        NumberOf = sequence => ((sequence - 1) % (ulong)LogRecords.LastReceipt) + 1,
        Recorded = serial => $"EUTRON-{LogRecords.NumberOf(serial)}",
        Front = (till, faults) => new EutronFront(new FirmwareSim.Eutron.EutronMemory(till, faults, SalesLog.DefaultCapacity)),
        Driver = (line, shop) => EutronDrivers.Create(line, Options, shop.Recorder, shop.Captures, shop.Time, NullLoggerFactory.Instance),
    };

    private static TillRun Tcp => Serial with
    {
        Name = "eutron-tcp",
        Protocol = Protocol.EutronTcp,
        Front = (till, faults) => new EutronTcpFront(new FirmwareSim.Eutron.EutronMemory(till, faults, SalesLog.DefaultCapacity)),
        Driver = (line, shop) => EutronDrivers.Create(line, TcpOptions, shop.Recorder, shop.Captures, shop.Time, NullLoggerFactory.Instance),
    };

    /// <summary>
    /// A line that damages frames again and again is read twice: two bytes that change together pass the sum of a frame, and an article or a
    /// time that is wrong shows in no total.
    /// </summary>
    private static EutronOptions Options => new() { FromBeginning = true, ReadsTwice = true, Tenders = [PaymentMeans.Cash, PaymentMeans.Card] };

    /// <summary>Asked so seldom that there is something unread to lose: over TCP all is read at once.</summary>
    private static EutronOptions Seldom => new() { FromBeginning = true, IsTcp = true, Tenders = [PaymentMeans.Cash, PaymentMeans.Card], PollPause = TimeSpan.FromSeconds(20) };

    private static EutronOptions TcpOptions => new() { FromBeginning = true, IsTcp = true, Tenders = [PaymentMeans.Cash, PaymentMeans.Card] };

    /// <summary>The dialects, each with the seeds of the short run.</summary>
    public static TheoryData<string, int> Seeds => Each(1, 2);

    /// <summary>The dialects, each with the seeds of the long run.</summary>
    public static TheoryData<string, int> MoreSeeds => Each(3, 10);

    [Theory]
    [InlineData("serial")]
    [InlineData("tcp")]
    public async Task A_good_day(string dialect) => await EachOnceAsync(Of(dialect) with { Sales = 100 });

    [Theory]
    [InlineData("serial")]
    [InlineData("tcp")]
    public async Task Cut_after_every_byte_every_sale_is_there_once(string dialect) =>
        await (Of(dialect) with { Sales = 2 }).CutEverywhereAsync(IsWanted, report => report is { Once: 2, Named: 0, Missing: 0, Twice: 0 }, output);

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Every_fault_for_a_thousand_sales(string dialect, int seed) => await EachOnceAsync(Bad(Of(dialect), seed));

    [Theory]
    [Trait("run", "long")]
    [MemberData(nameof(MoreSeeds))]
    public async Task Every_fault_by_more_seeds(string dialect, int seed) => await EachOnceAsync(Bad(Of(dialect), seed));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task By_default_no_sale_is_missing_and_nobody_is_waited_for(int seed) => await ByDefaultAsync(seed);

    [Theory]
    [Trait("run", "long")]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public async Task By_default_no_sale_is_missing_by_more_seeds(int seed) => await ByDefaultAsync(seed);

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_ring_that_ran_over_is_named_by_gaps(string dialect, int seed) => await RunOverAsync(dialect, seed);

    [Theory]
    [Trait("run", "long")]
    [MemberData(nameof(MoreSeeds))]
    public async Task A_ring_that_ran_over_is_named_by_more_seeds(string dialect, int seed) => await RunOverAsync(dialect, seed);

    /// <summary>A register that names itself by the maker's default cannot be told from its twin: it is refused, and nothing is recorded twice.</summary>
    [Fact]
    public async Task A_twin_is_refused()
    {
        TillRun run = Serial with { Name = "eutron, twin", Sales = 60, Orders = [new(Fault.Twin, 300, 0, null)] };
        TillOutcome outcome = await run.RunAsync();
        output.WriteLine(outcome.ToString());
        Assert.Equal(0, outcome.Report.Twice);
        Assert.InRange(outcome.Report.Once, 1, 59);
        Assert.Contains("found 0, the maker's default", outcome.Status.Trouble, StringComparison.Ordinal);
    }

    /// <summary>
    /// A register of the family can have 10,001 articles, which take 13 minutes at 9,600 baud: a sale waits only for the rows of its own, which are
    /// found by halving the table.
    /// </summary>
    /// <param name="speed">Bits a second.</param>
    /// <param name="seconds">Until five sales, three seconds apart, are invoices: the rows of their articles, up to 16 each, and two pauses.</param>
    [Theory]
    [InlineData(115_200, 25)]
    [InlineData(9_600, 40)]
    public async Task Ten_thousand_articles_do_not_keep_a_sale_waiting(int speed, int seconds)
    {
        await using Shop shop = await Shop.OpenAsync();
        await shop.ImportGoodsAsync();
        DateTimeOffset began = shop.Time.GetUtcNow();
        SaleListener listener = new(shop.Recorder);
        TillRun run = Serial with
        {
            Name = $"eutron, 10,001 articles at {speed}",
            Sales = 5,
            PluRows = 10_001,
            Speed = speed,
            Driver = (line, _) => EutronDrivers.Create(
                line, new() { FromBeginning = true, Tenders = [PaymentMeans.Cash, PaymentMeans.Card] }, listener, shop.Captures, shop.Time, NullLoggerFactory.Instance),
        };
        TillOutcome outcome = await run.RunAsync(shop);
        double took = (shop.Time.GetUtcNow() - began).TotalSeconds;
        output.WriteLine($"{outcome}\n    all recorded after {took:0} s");
        Assert.Equal((5, 0, 0), (outcome.Report.Once, outcome.Report.Missing, outcome.Report.Twice));
        Assert.InRange(took, 12, seconds);
        Assert.All(listener.Sales.SelectMany(sale => sale.Lines), line => Assert.NotEmpty(line.Name));
    }

    private static IRegisterDriver ByDefault(ILine line, Shop shop) => EutronDrivers.Create(
        line, new() { FromBeginning = true, Tenders = [PaymentMeans.Cash, PaymentMeans.Card] }, shop.Recorder, shop.Captures, shop.Time, NullLoggerFactory.Instance);

    /// <summary>In the table of articles, hundreds of equal rows, every 97th byte.</summary>
    private static bool IsWanted(long at, long bytes) => at < 700 || at >= bytes - 2_200 || at % 97 == 0;

    /// <summary>Left out: Twin, which is refused (A_twin_is_refused), and LogOverflow, which loses sales (A_ring_that_ran_over_is_named_by_gaps).</summary>
    private static TillRun Bad(TillRun run, int seed) => BadDay.Of(run, seed, cuts: 20, bytes: 1_000_000, Fault.Twin, Fault.LogOverflow);

    private static TillRun Of(string dialect) => dialect == "tcp" ? Tcp : Serial;

    private static TheoryData<string, int> Each(int first, int last)
    {
        TheoryData<string, int> data = [];
        for (int seed = first; seed <= last; seed++)
        {
            data.Add("serial", seed);
            data.Add("tcp", seed);
        }

        return data;
    }

    /// <summary>
    /// As it is set by default, a serial line is read twice only once it damaged a frame. A frame that was damaged unseen before that may have an
    /// article or a time wrong; where the log is read again, its receipt is known by number and time. One that never reads the same twice is held.
    /// </summary>
    private async Task ByDefaultAsync(int seed)
    {
        TillOutcome outcome = await (Bad(Serial, seed) with { Driver = ByDefault }).RunAsync();
        output.WriteLine(outcome.ToString());
        Assert.Equal((0, 0), (outcome.Report.Missing, outcome.Report.Twice));
        Assert.InRange(outcome.Report.Named, 0, 10);
        Assert.NotEqual(DriverPhase.Stopped, outcome.Status.Phase);
    }

    /// <summary>
    /// The ring ran over what was not read: what is gone is in a gap. Numbers are not set back here, because a life that ended in what is gone
    /// left nothing by which its last receipts could be named; the line stops then, which a test of its own shows. And no register is swapped:
    /// what one lost last shows only by its next receipt, and the other one sells on instead.
    /// </summary>
    private async Task RunOverAsync(string dialect, int seed)
    {
        TillRun run = Bad(Of(dialect), seed);
        run = run with
        {
            Name = $"{Of(dialect).Name}, log overflow, seed {seed}",
            Except = [Fault.Twin, Fault.CounterWrap, Fault.Swap],
            Orders = [new(Fault.LogOverflow, 0, 90, null)],
            QuietLooks = 80, // a register that says ten times that it is busy is asked for 200 s
            Driver = (line, shop) => EutronDrivers.Create(line, dialect == "tcp" ? Seldom : Options, shop.Recorder, shop.Captures, shop.Time, NullLoggerFactory.Instance),
        };
        TillOutcome outcome = await run.RunAsync();
        output.WriteLine(outcome.ToString());
        Assert.Equal((0, 0), (outcome.Report.Missing, outcome.Report.Twice));
        Assert.True(outcome.Report.Named > 0, "expected the ring to run over what was not read yet");
        Assert.True(outcome.Faults["log-overflow"] > 5);
    }

    private async Task EachOnceAsync(TillRun run)
    {
        TillOutcome outcome = await run.RunAsync();
        output.WriteLine(outcome.ToString());
        Assert.Equal(outcome.Report with { Once = run.Sales, Named = 0, Missing = 0, Twice = 0 }, outcome.Report);
    }
}
