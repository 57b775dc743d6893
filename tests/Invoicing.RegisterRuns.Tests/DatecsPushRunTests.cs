using FirmwareSim.Datecs;
using FirmwareSim.Failures;
using FirmwareSim.Tills;
using Invoicing.Registers.Datecs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>Datecs registers that push and say nothing twice: every sale is there once or named as lost, never twice.</summary>
public sealed class DatecsPushRunTests(ITestOutputHelper output)
{
    private static TillRun Dp500 => Push("datecs-push dp-500", PushModel.Dp500, DatecsVariant.PushDp500);

    private static TillRun Wp500 => Push("datecs-push wp-500", PushModel.Wp500, DatecsVariant.PushWp500);

    public static TheoryData<int> MoreSeeds => [.. Enumerable.Range(3, 8)];

    [Fact]
    public async Task Dp500_on_a_good_day() => await (Dp500 with { Sales = 100 }).EachOnceAsync(output);

    [Fact]
    public async Task Wp500_on_a_good_day() => await (Wp500 with { Sales = 100 }).EachOnceAsync(output);

    [Fact]
    public async Task Dp500_is_cut_after_every_byte_of_a_conversation_and_every_sale_is_once_or_named() => await CutAsync(Dp500);

    [Fact]
    public async Task Wp500_is_cut_after_every_byte_of_a_conversation_and_every_sale_is_once_or_named() => await CutAsync(Wp500);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Dp500_with_every_fault_for_a_thousand_sales(int seed) => await Bad(Dp500, seed).OnceOrNamedAsync(output, 80);

    [Theory]
    [Trait("run", "long")]
    [MemberData(nameof(MoreSeeds))]
    public async Task Dp500_with_every_fault_for_a_thousand_sales_by_more_seeds(int seed) => await Bad(Dp500, seed).OnceOrNamedAsync(output, 80);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Wp500_with_every_fault_for_a_thousand_sales(int seed) => await Bad(Wp500, seed).OnceOrNamedAsync(output, 80);

    [Theory]
    [Trait("run", "long")]
    [MemberData(nameof(MoreSeeds))]
    public async Task Wp500_with_every_fault_for_a_thousand_sales_by_more_seeds(int seed) => await Bad(Wp500, seed).OnceOrNamedAsync(output, 80);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Dp500_whose_edge_is_stopped_again_and_again(int seed) => await Stopped(Dp500, seed).OnceOrNamedAsync(output, 70);

    [Theory]
    [Trait("run", "long")]
    [MemberData(nameof(MoreSeeds))]
    public async Task Dp500_whose_edge_is_stopped_again_and_again_by_more_seeds(int seed) => await Stopped(Dp500, seed).OnceOrNamedAsync(output, 70);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Wp500_whose_edge_is_stopped_again_and_again(int seed) => await Stopped(Wp500, seed).OnceOrNamedAsync(output, 70);

    [Theory]
    [Trait("run", "long")]
    [MemberData(nameof(MoreSeeds))]
    public async Task Wp500_whose_edge_is_stopped_again_and_again_by_more_seeds(int seed) => await Stopped(Wp500, seed).OnceOrNamedAsync(output, 70);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Dp500_whose_journal_has_a_line_of_its_own_loses_nothing(int seed) => await WithJournal(seed).EachOnceAsync(output);

    [Theory]
    [Trait("run", "long")]
    [MemberData(nameof(MoreSeeds))]
    public async Task Dp500_whose_journal_has_a_line_of_its_own_loses_nothing_by_more_seeds(int seed) => await WithJournal(seed).EachOnceAsync(output);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Dp500_whose_journal_has_a_line_of_its_own_loses_nothing_while_the_edge_is_stopped(int seed) => await StoppedWithJournal(seed).EachOnceAsync(output);

    [Theory]
    [Trait("run", "long")]
    [MemberData(nameof(MoreSeeds))]
    public async Task Dp500_whose_journal_has_a_line_of_its_own_loses_nothing_while_the_edge_is_stopped_by_more_seeds(int seed) =>
        await StoppedWithJournal(seed).EachOnceAsync(output);

    [Fact]
    public async Task Dp500_and_another_in_its_place_and_back() =>
        await (Dp500 with { Name = "datecs-push dp-500, swapped and back", Sales = 100, Orders = [new(Fault.Swap, 0, 10, null)] }).OnceOrNamedAsync(output, 90);

    [Fact]
    public async Task Dp500_with_the_makers_number_is_refused() =>
        await (Dp500 with
        {
            Name = "datecs-push dp-500, twin",
            Sales = 60,
            Cuts = [.. Enumerable.Range(1, 20).Select(n => n * 700L)],
            Orders = [new(Fault.Twin, 10, 0, null)],
        }).RefusedAsync(output, "a register without a number cannot be told from another");

    /// <summary>
    /// Nothing can be recorded for twenty minutes: receipts wait in the driver, then on the line, then in the register, whose memory runs over. What
    /// was there is recorded once, what ran over is named.
    /// </summary>
    [Fact]
    public async Task What_ran_over_while_nothing_could_be_recorded_is_named()
    {
        TillRun run = Dp500 with
        {
            Name = "datecs-push dp-500, ran over",
            Sales = 1000,
            Front = (till, faults) => new PushFront(till, faults, PushModel.Dp500, queryPercent: 0, mostWaiting: 200),
            Driver = (line, shop) => DatecsDrivers.Create(
                line, new FullRecorder(shop.Recorder, shop.Time, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30)), new() { Variant = DatecsVariant.PushDp500, FromBeginning = true }, shop.Time,
                NullLoggerFactory.Instance),
        };
        TillOutcome outcome = await run.OnceOrNamedAsync(output, 50);
        Assert.InRange(outcome.Report.Named, 50, 500);
    }

    private static TillRun Push(string name, PushModel model, DatecsVariant variant) => new()
    {
        Name = name,
        Protocol = Protocol.DatecsPush,
        WaitsToBeHeard = true,
        CalmSales = 2,
        Recorded = PushEvents.IdOf,
        Front = (till, faults) => new PushFront(till, faults, model, queryPercent: 20),
        Driver = (line, shop) => DatecsDrivers.Create(
            line, shop.Recorder, new() { Variant = variant, FromBeginning = true }, shop.Time, NullLoggerFactory.Instance),
    };

    /// <summary>Left out: Twin, which is refused (<see cref="Dp500_with_the_makers_number_is_refused"/>).</summary>
    private static TillRun Bad(TillRun run, int seed) => BadDay.Of(run, seed, cuts: 40, bytes: 250_000, Fault.Twin);

    /// <summary>With every fault, and forty stops of gateway and driver. It sells on while the edge is away: what nobody heard is named.</summary>
    private static TillRun Stopped(TillRun run, int seed) => Bad(run, seed) with
    {
        Name = $"{run.Name}, edge stopped, all faults, seed {seed}",
        Stops = EdgeStop.BySeed(seed, 40, 200_000),
    };

    /// <summary>
    /// With every fault, on a cable that is cut again and again; what the push lost is in the journal, which has a cable of its own, cut as well. Left out:
    /// Swap, which would want two cables changed at once, and CounterWrap: of a count that begins again nothing tells how many receipts ended the old one.
    /// </summary>
    private static TillRun WithJournal(int seed)
    {
        Random random = new(seed);
        Cable cable = new([.. Enumerable.Range(0, 20).Select(_ => random.NextInt64(200_000))]);
        IslFront? journal = null;
        return BadDay.Of(Dp500, seed, cuts: 40, bytes: 250_000, Fault.Twin, Fault.Swap, Fault.CounterWrap) with
        {
            Name = $"datecs-push dp-500 with journal, all faults, seed {seed}",
            Front = (till, faults) =>
            {
                journal ??= new(new DatecsXCommands(till), TimeSpan.Zero); // the other till lies beside
                return new PushFront(till, faults, PushModel.Dp500, queryPercent: 20);
            },
            Beside = (shop, cancellationToken) => ServeAsync(journal!, cable, shop.Time, cancellationToken),
            Driver = (line, shop) => DatecsDrivers.Create(
                line, shop.Recorder, new() { Variant = DatecsVariant.PushDp500, FromBeginning = true, JournalLine = cable.GatewayLine }, shop.Time, NullLoggerFactory.Instance),
        };
    }

    private static TillRun StoppedWithJournal(int seed)
    {
        TillRun run = WithJournal(seed);
        return run with { Name = $"datecs-push dp-500 with journal, edge stopped, all faults, seed {seed}", Stops = EdgeStop.BySeed(seed, 40, 200_000) };
    }

    private static async Task ServeAsync(IslFront journal, Cable cable, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await using Stream connection = await cable.RegisterLine.OpenAsync(cancellationToken);
                await journal.ServeAsync(new RegisterWire(connection, FaultPlan.None(Protocol.DatecsX), time), cancellationToken);
            }
            catch (IOException)
            {
                // It was cut.
            }
        }
    }

    /// <summary>
    /// One conversation after the other is cut, each one byte later than the one before: the opening, its answer, and every message of a receipt, its
    /// closing among them. The last sales are not cut: of the very last, cut off, nothing could ever tell.
    /// </summary>
    private async Task CutAsync(TillRun run)
    {
        const int Cuts = 430;
        TillOutcome outcome = await (run with { Name = $"{run.Name}, cut after every byte", Sales = 400, Cuts = [.. Enumerable.Range(1, Cuts).Select(n => (long)n * (n + 1) / 2)] }).RunAsync();
        output.WriteLine(outcome.ToString());
        Assert.Equal(outcome.Report with { Missing = 0, Twice = 0 }, outcome.Report);
        Assert.InRange(outcome.Cuts, Cuts * 9 / 10, Cuts);
    }
}
