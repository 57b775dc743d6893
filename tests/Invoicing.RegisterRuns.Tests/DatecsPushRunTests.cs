using FirmwareSim.Datecs;
using FirmwareSim.Failures;
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
    public async Task Dp500_on_a_good_day() => await EachOnceAsync(Dp500 with { Sales = 100 });

    [Fact]
    public async Task Wp500_on_a_good_day() => await EachOnceAsync(Wp500 with { Sales = 100 });

    [Fact]
    public async Task Dp500_is_cut_after_every_byte_of_a_conversation_and_every_sale_is_once_or_named() => await CutAsync(Dp500);

    [Fact]
    public async Task Wp500_is_cut_after_every_byte_of_a_conversation_and_every_sale_is_once_or_named() => await CutAsync(Wp500);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Dp500_with_every_fault_for_a_thousand_sales(int seed) => await OnceOrNamedAsync(Bad(Dp500, seed));

    [Theory]
    [Trait("run", "long")]
    [MemberData(nameof(MoreSeeds))]
    public async Task Dp500_with_every_fault_for_a_thousand_sales_by_more_seeds(int seed) => await OnceOrNamedAsync(Bad(Dp500, seed));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Wp500_with_every_fault_for_a_thousand_sales(int seed) => await OnceOrNamedAsync(Bad(Wp500, seed));

    [Theory]
    [Trait("run", "long")]
    [MemberData(nameof(MoreSeeds))]
    public async Task Wp500_with_every_fault_for_a_thousand_sales_by_more_seeds(int seed) => await OnceOrNamedAsync(Bad(Wp500, seed));

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

    private static TillRun Bad(TillRun run, int seed)
    {
        Random random = new(seed);
        return run with
        {
            Name = $"{run.Name}, all faults, seed {seed}",
            Sales = 1000,
            Seed = seed,
            Rate = 2,
            SpecialPercent = 5,
            DayCloseEvery = 100,
            Except = [Fault.Twin],
            Cuts = [.. Enumerable.Range(0, 40).Select(_ => random.NextInt64(250_000))],
        };
    }

    /// <summary>
    /// One conversation after the other is cut, each one byte later than the one before: the opening, its answer, and every message of a receipt, its
    /// closing among them.
    /// </summary>
    private async Task CutAsync(TillRun run)
    {
        const int Cuts = 500;
        TillOutcome outcome = await (run with { Name = $"{run.Name}, cut after every byte", Sales = 400, Cuts = [.. Enumerable.Range(1, Cuts).Select(n => (long)n * (n + 1) / 2)] }).RunAsync();
        output.WriteLine(outcome.ToString());
        Assert.Equal(outcome.Report with { Missing = 0, Twice = 0 }, outcome.Report);
        Assert.InRange(outcome.Cuts, Cuts * 9 / 10, Cuts);
    }

    private async Task EachOnceAsync(TillRun run)
    {
        TillOutcome outcome = await run.RunAsync();
        output.WriteLine(outcome.ToString());
        Assert.Equal(outcome.Report with { Once = run.Sales, Named = 0, Missing = 0, Twice = 0 }, outcome.Report);
    }

    private async Task OnceOrNamedAsync(TillRun run)
    {
        TillOutcome outcome = await run.RunAsync();
        output.WriteLine(outcome.ToString());
        Assert.Equal(outcome.Report with { Missing = 0, Twice = 0 }, outcome.Report);
        Assert.InRange(outcome.Report.Once, run.Sales * 8 / 10, run.Sales);
    }
}
