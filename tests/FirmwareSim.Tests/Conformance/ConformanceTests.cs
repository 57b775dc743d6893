using FirmwareSim.Journal;
using FirmwareSim.Running;
using Invoicing.Registers.Tests.Tlk.Conformance;
using Invoicing.Registers.Tlk.Conformance;
using Invoicing.Testing;

namespace FirmwareSim.Tests.Conformance;

/// <summary>The conformance kit of TLK/1 against the simulated register, which shares no code with what wrote the kit.</summary>
public sealed class ConformanceTests : IDisposable
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_simulated_register_passes_every_case_with_the_line_cut_after_every_byte()
    {
        ConformanceReport report = await TestAsync(Options, new() { Sell = SteppedKit.Asked });

        Assert.True(report.IsConforming, report.ToText());
        Assert.Equal(["C112", "C122", "C130", "C131", "C132", "C133", "C134", "C135", "C136"], Left(report));
    }

    [Fact]
    public async Task The_simulated_register_passes_every_case_sealed_with_the_line_cut_after_every_byte()
    {
        ConformanceReport report = await TestAsync(Options with { PairingKey = Key }, new() { Sell = SteppedKit.Asked, Key = Key });

        Assert.True(report.IsConforming, report.ToText());
        Assert.Equal(["C112", "C122", "C137"], Left(report));
    }

    [Fact]
    public async Task A_simulated_register_without_leases_says_so()
    {
        ConformanceReport report = await TestAsync(Options with { LeasesAfter = null }, new() { Sell = SteppedKit.Asked, Cases = ["C001", "C112"] });

        Assert.True(report.IsConforming, report.ToText());
        Assert.Empty(Left(report));
    }

    [Fact]
    public async Task A_simulated_register_that_sells_by_itself_passes()
    {
        ConformanceReport report = await TestAsync(Options, new() { IsQuick = true }, sellsEach: TimeSpan.FromMilliseconds(700));

        Assert.True(report.IsConforming, report.ToText());
    }

    private SimulatedRegisterOptions Options => new()
    {
        Serial = "SIM-0001",
        JournalPath = _folder.File("journal"),
        Line = () => throw new NotSupportedException("the line is stepped"),
        Sales = 0,
        LeasesAfter = TimeSpan.FromSeconds(30),
        Limits = new JournalLimits(Capacity: 700, Retention: 100),
    };

    private static IEnumerable<string> Left(ConformanceReport report) => report.ToText().Split(Environment.NewLine)
        .Where(line => line.Length > 8 && line[5..8] == "n/a").Select(line => line[..4]);

    private static Task<ConformanceReport> TestAsync(SimulatedRegisterOptions register, ConformanceOptions options, TimeSpan? sellsEach = null) =>
        SteppedKit.TestAsync(
            time => new SteppedSimulator(time, register, sellsEach, alreadySold: register.Limits.Capacity + 1), options, TestContext.Current.CancellationToken);
}
