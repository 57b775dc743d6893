using FirmwareSim.Datecs;
using FirmwareSim.Failures;
using Invoicing.Registers.Datecs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>Datecs registers whose journal is pulled, against the simulated ones: whatever the line does, every sale is there once.</summary>
public sealed class DatecsRunTests(ITestOutputHelper output)
{
    private static TillRun X => new()
    {
        Name = "datecs-x",
        Protocol = Protocol.DatecsX,
        Front = (till, _) => new IslFront(new DatecsXCommands(till), TimeSpan.Zero),
        Driver = (line, shop) => DatecsDrivers.Create(
            line, shop.Recorder, new() { Variant = DatecsVariant.X, FromBeginning = true }, shop.Time, NullLoggerFactory.Instance),
    };

    private static TillRun Isl => X with
    {
        Name = "datecs-isl",
        Protocol = Protocol.DatecsIsl,
        Front = (till, _) => new IslFront(new DatecsIslCommands(till), TimeSpan.Zero),
        Driver = (line, shop) => DatecsDrivers.Create(
            line, shop.Recorder, new() { Variant = DatecsVariant.Isl, FromBeginning = true }, shop.Time, NullLoggerFactory.Instance),
    };

    public static TheoryData<int> MoreSeeds => [.. Enumerable.Range(3, 8)];

    [Fact]
    public async Task X_on_a_good_day() => await EachOnceAsync(X with { Sales = 100 });

    [Fact]
    public async Task Isl_on_a_good_day() => await EachOnceAsync(Isl with { Sales = 100 });

    [Fact]
    public async Task X_is_cut_after_bytes_of_a_conversation_and_its_sale_is_there_once() => await CutAsync(X, IsSampled);

    [Fact]
    public async Task Isl_is_cut_after_bytes_of_a_conversation_and_its_sale_is_there_once() => await CutAsync(Isl, IsSampled);

    [Fact]
    [Trait("run", "long")]
    public async Task X_is_cut_after_every_byte_of_a_conversation_and_its_sale_is_there_once() => await CutAsync(X, (_, _) => true);

    [Fact]
    [Trait("run", "long")]
    public async Task Isl_is_cut_after_every_byte_of_a_conversation_and_its_sale_is_there_once() => await CutAsync(Isl, (_, _) => true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task X_with_every_fault_for_a_thousand_sales(int seed) => await EachOnceAsync(Bad(X, seed));

    [Theory]
    [Trait("run", "long")]
    [MemberData(nameof(MoreSeeds))]
    public async Task X_with_every_fault_for_a_thousand_sales_by_more_seeds(int seed) => await EachOnceAsync(Bad(X, seed));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Isl_with_every_fault_for_a_thousand_sales(int seed) => await EachOnceAsync(Bad(Isl, seed));

    [Theory]
    [Trait("run", "long")]
    [MemberData(nameof(MoreSeeds))]
    public async Task Isl_with_every_fault_for_a_thousand_sales_by_more_seeds(int seed) => await EachOnceAsync(Bad(Isl, seed));

    /// <summary>Who is there and the clock at every byte; then, in hundreds of questions of the same kinds, at every 41st.</summary>
    private static bool IsSampled(long at, long bytes) => at < 200 || at % 41 == 0;

    private Task CutAsync(TillRun run, Func<long, long, bool> isWanted) =>
        (run with { Sales = 1 }).CutEverywhereAsync(isWanted, report => report is { Once: 1, Twice: 0 }, output);

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

            // A receipt takes sixty requests, and the line breaks every hundred and fifty: it carries about one receipt in three seconds.
            Pace = TimeSpan.FromSeconds(8),
            Except = [Fault.Twin],
            Cuts = [.. Enumerable.Range(0, 60).Select(_ => random.NextInt64(1_500_000))],
        };
    }

    private async Task EachOnceAsync(TillRun run)
    {
        TillOutcome outcome = await run.RunAsync();
        output.WriteLine(outcome.ToString());
        Assert.Equal(outcome.Report with { Once = run.Sales, Named = 0, Missing = 0, Twice = 0 }, outcome.Report);
    }
}
