using FirmwareSim.Lines;
using FirmwareSim.Running;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Tlk.Conformance;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace FirmwareSim.Tests.Conformance;

/// <summary>The kit against the simulated register as it runs for users: its own tasks, a pseudo-terminal, real time, sales that it rings up by itself.</summary>
public sealed class PtyConformanceTests : IAsyncDisposable
{
    /// <summary>Real time, two shared cores; it only ends what hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>A whole quick run in real time takes four minutes; it only ends what hangs.</summary>
    private static readonly TimeSpan LongPatience = TimeSpan.FromMinutes(30);

    private readonly TempFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SimulatedRegister _register;
    private readonly Task _running;

    public PtyConformanceTests()
    {
        _register = new SimulatedRegister(new SimulatedRegisterOptions
        {
            Serial = "SIM-PTY",
            JournalPath = _folder.File("journal"),
            Line = () => PseudoTerminalLine.Create(_folder.File("line")),
            Sales = long.MaxValue,
            Pace = TimeSpan.FromMilliseconds(500),
            LeasesAfter = TimeSpan.FromSeconds(30),
        });
        _running = Task.Run(() => _register.RunAsync(_stop.Token), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running.Soon());
        await _register.DisposeAsync();
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Over_a_pseudo_terminal_the_simulated_register_passes()
    {
        ConformanceReport report = await TestAsync("C001", "C003", "C018", "C025", "C040", "C047", "C053", "C060", "C080", "C104", "C110").Soon(Patience);

        Assert.True(report.IsConforming, report.ToText());
    }

    [Fact] // four minutes: the long run
    [Trait("run", "long")]
    public async Task Over_a_pseudo_terminal_the_simulated_register_passes_a_whole_quick_run()
    {
        ConformanceReport report = await TestAsync().Soon(LongPatience);

        Assert.True(report.IsConforming, report.ToText());
    }

    private async Task<ConformanceReport> TestAsync(params string[] cases)
    {
        await using Invoicing.Registers.Lines.ILine line = SerialLines.Create(
            new SerialLineOptions { Path = _folder.File("line") }, TimeProvider.System, NullLoggerFactory.Instance);
        return await ConformanceKit.RunAsync(
            line, new ConformanceOptions { IsQuick = true, Cases = cases, SalePatience = TimeSpan.FromSeconds(60) }, TestContext.Current.CancellationToken);
    }
}
