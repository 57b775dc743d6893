using FirmwareSim.Datecs;
using FirmwareSim.Failures;
using Invoicing.Registers.Datecs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>Datecs registers, pulled and pushed, against the simulated ones.</summary>
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

    [Fact]
    public async Task X_on_a_good_day() => await EachOnceAsync(X with { Sales = 100 });

    [Fact]
    public async Task Isl_on_a_good_day() => await EachOnceAsync(Isl with { Sales = 100 });

    private async Task EachOnceAsync(TillRun run)
    {
        TillOutcome outcome = await run.RunAsync();
        output.WriteLine(outcome.ToString());
        Assert.Equal(outcome.Report with { Once = run.Sales, Named = 0, Missing = 0, Twice = 0 }, outcome.Report);
    }
}
