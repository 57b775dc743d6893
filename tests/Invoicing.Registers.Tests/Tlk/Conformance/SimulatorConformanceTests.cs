using System.Diagnostics;
using System.Runtime.Versioning;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Tlk.Conformance;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>The kit against the simulator, a second implementation, in real time: the cases that need no long waits.</summary>
[SupportedOSPlatform("linux")]
public sealed class SimulatorConformanceTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>Short in real time, and about what a register that sells by itself can be asked.</summary>
    private static readonly string[] Cases =
    [
        "C001", "C002", "C003", "C004", "C005", "C006", "C007", "C008", "C009", "C010", "C011", "C012", "C014", "C018", "C022", "C024", "C025",
        "C026", "C040", "C043", "C045", "C046", "C050", "C051", "C054", "C055", "C061", "C065", "C080", "C082", "C084", "C085", "C100", "C102",
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_simulator_passes_what_a_register_that_sells_by_itself_can_be_asked()
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string program = RepositoryFolder.File("firmware-sim", "bin", configuration, "net10.0", "firmware-sim.dll");
        Assert.True(File.Exists(program), $"expected {program}, which a build of the solution makes");
        string link = _folder.File("line");
        ProcessStartInfo start = new(
            "dotnet",
            [program, "run", "--line", "pty:" + link, "--serial", "SIM-C", "--journal", _folder.File("journal"), "--sales", "100000", "--pace", "300ms", "--linger"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        try
        {
            await Waiting.Until(() => File.Exists(link), "a simulator at its pseudo-terminal", TimeSpan.FromSeconds(60));
            await using ILine line = SerialLines.Create(new SerialLineOptions { Path = link }, TimeProvider.System, NullLoggerFactory.Instance);

            ConformanceReport report = await ConformanceKit.RunAsync(
                line,
                new ConformanceOptions { Sell = null, SalePatience = TimeSpan.FromSeconds(20), IsQuick = true, Cases = Cases },
                TestContext.Current.CancellationToken).Soon(Patience);

            Assert.True(report.IsConforming, report.ToText());
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None).Soon();
        }
    }
}
