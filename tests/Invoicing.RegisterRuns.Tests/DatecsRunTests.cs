using FirmwareSim.Datecs;
using FirmwareSim.Failures;
using Invoicing.Registers.Datecs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>Datecs registers whose journal is pulled, against the simulated ones: whatever the line does, every sale is there once.</summary>
public sealed class DatecsRunTests(ITestOutputHelper output)
{
    /// <summary>A receipt takes sixty requests, and the line breaks every hundred and fifty: it carries about one receipt in three seconds.</summary>
    private static readonly TimeSpan BadPace = TimeSpan.FromSeconds(8);

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
    public async Task X_on_a_good_day() => await (X with { Sales = 100 }).EachOnceAsync(output);

    [Fact]
    public async Task Isl_on_a_good_day() => await (Isl with { Sales = 100 }).EachOnceAsync(output);

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
    public async Task X_with_every_fault_for_a_thousand_sales(int seed) => await Bad(X, seed).EachOnceAsync(output);

    [Theory]
    [Trait("run", "long")]
    [MemberData(nameof(MoreSeeds))]
    public async Task X_with_every_fault_for_a_thousand_sales_by_more_seeds(int seed) => await Bad(X, seed).EachOnceAsync(output);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Isl_with_every_fault_for_a_thousand_sales(int seed) => await Bad(Isl, seed).EachOnceAsync(output);

    [Theory]
    [Trait("run", "long")]
    [MemberData(nameof(MoreSeeds))]
    public async Task Isl_with_every_fault_for_a_thousand_sales_by_more_seeds(int seed) => await Bad(Isl, seed).EachOnceAsync(output);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task X_whose_edge_is_stopped_again_and_again(int seed) => await StoppedX(seed).EachOnceAsync(output);

    [Theory]
    [Trait("run", "long")]
    [MemberData(nameof(MoreSeeds))]
    public async Task X_whose_edge_is_stopped_again_and_again_by_more_seeds(int seed) => await StoppedX(seed).EachOnceAsync(output);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Isl_whose_edge_is_stopped_again_and_again(int seed) => await StoppedIsl(seed).EachOnceAsync(output);

    [Theory]
    [Trait("run", "long")]
    [MemberData(nameof(MoreSeeds))]
    public async Task Isl_whose_edge_is_stopped_again_and_again_by_more_seeds(int seed) => await StoppedIsl(seed).EachOnceAsync(output);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task X_whose_count_begins_again_while_its_edge_is_stopped(int seed) => await Overtaken(seed).OnceOrNamedAsync(output, 75);

    [Theory]
    [Trait("run", "long")]
    [MemberData(nameof(MoreSeeds))]
    public async Task X_whose_count_begins_again_while_its_edge_is_stopped_by_more_seeds(int seed) => await Overtaken(seed).OnceOrNamedAsync(output, 75);

    [Fact]
    public async Task X_and_another_in_its_place_and_back() => await Swapped(X).EachOnceAsync(output);

    [Fact]
    public async Task Isl_and_another_in_its_place_and_back() => await Swapped(Isl).EachOnceAsync(output);

    [Fact]
    public async Task X_with_the_makers_serial_is_refused() => await Twin(X).RefusedAsync(output, "a register without a serial cannot be told from another");

    [Fact]
    public async Task Isl_with_the_makers_serial_is_refused() => await Twin(Isl).RefusedAsync(output, "a register without a serial cannot be told from another");

    /// <summary>
    /// With every fault, and sixty stops of gateway and driver: what they knew beside the journal is gone each time. CounterWrap strikes by seed in none of
    /// these: a register whose count began again before it was met for the first time is read from there on.
    /// </summary>
    private static TillRun Stopped(TillRun run, int seed, long bytes) => Bad(run, seed) with
    {
        Name = $"{run.Name}, edge stopped, all faults, seed {seed}",
        Sales = 300,
        Except = [Fault.Twin, Fault.CounterWrap],
        Stops = EdgeStop.BySeed(seed, 60, bytes),

        // A receipt of ninety lines is read for a minute on this line, and from its beginning after each stop.
        QuietLooks = 200,
    };

    private static TillRun StoppedX(int seed) => Stopped(X, seed, 1_200_000);

    /// <summary>In the middle the count jumps to its end and begins again: a legacy register gives its journal in order.</summary>
    private static TillRun StoppedIsl(int seed) => Stopped(Isl, seed, 900_000) with { Orders = [new(Fault.CounterWrap, 150, 0, null)] };

    /// <summary>
    /// In the middle the count jumps to its end and begins again, once: of a life that nobody heard anything of nothing could be named. An X register
    /// gives of two documents with one number only the later: what it rang up under numbers that it used again before they were read cannot be had of
    /// it any more, so it must be named.
    /// </summary>
    private static TillRun Overtaken(int seed) => StoppedX(seed) with
    {
        Name = $"datecs-x, edge stopped, count begins again, all faults, seed {seed}",
        Orders = [new(Fault.CounterWrap, 150, 0, null)],
    };

    /// <summary>Every tenth receipt the other register is plugged in: register, other, and register again, nine times.</summary>
    private static TillRun Swapped(TillRun run) => run with
    {
        Name = $"{run.Name}, swapped and back",
        Sales = 100,
        Orders = [new(Fault.Swap, 0, 10, null)],
    };

    /// <summary>At the 300th question who it is, and from then on, the register names itself by the maker's default.</summary>
    private static TillRun Twin(TillRun run) => run with { Name = $"{run.Name}, twin", Sales = 60, Orders = [new(Fault.Twin, 60, 0, null)] };

    /// <summary>Who is there and the clock at every byte; then, in hundreds of questions of the same kinds, at every 41st.</summary>
    private static bool IsSampled(long at, long bytes) => at < 200 || at % 41 == 0;

    private Task CutAsync(TillRun run, Func<long, long, bool> isWanted) =>
        (run with { Sales = 1 }).CutEverywhereAsync(isWanted, report => report is { Once: 1, Twice: 0 }, output);

    /// <summary>Left out: Twin, which is refused (<see cref="X_with_the_makers_serial_is_refused"/>).</summary>
    private static TillRun Bad(TillRun run, int seed) => BadDay.Of(run, seed, cuts: 60, bytes: 1_500_000, Fault.Twin) with { Pace = BadPace };
}
