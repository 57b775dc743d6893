using System.Diagnostics;
using System.Globalization;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Tlk.Conformance;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>The reference client as a running register behind a pseudo-terminal.</summary>
internal sealed class ReferenceRegister : IAsyncDisposable
{
    private readonly Process _process;

    private ReferenceRegister(Process process, ILine line)
    {
        _process = process;
        Line = line;
    }

    internal ILine Line { get; }

    internal static async Task<ReferenceRegister> StartAsync(string program, TempFolder folder, params string[] more)
    {
        string link = folder.File("line");
        ProcessStartInfo start = new(program, ["--pty", link, "--flash", folder.File("flash"), "--sectors", "64", "--keep", "8", .. more])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process = ReferenceBuild.Start(start);
        process.BeginOutputReadLine(); // nobody reads it, but a full pipe would stop the register
        await Waiting.Until(() => File.Exists(link), "a register at its pseudo-terminal");
        return new(process, SerialLines.Create(new SerialLineOptions { Path = link }, TimeProvider.System, NullLoggerFactory.Instance));
    }

    internal async Task SellAsync(int lines, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"sell {lines}").AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
    }

    internal Task<ConformanceReport> TestAsync(byte[] key, bool quick, params string[] cases) => ConformanceKit.RunAsync(
        Line,
        new ConformanceOptions
        {
            Sell = SellAsync,
            SalePatience = Waiting.Limit,
            Key = key,
            IsQuick = quick,
            Cases = cases,
            TimeScale = ReferenceBuild.TimeScale,
        },
        TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Line.DisposeAsync();
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None).Soon();
        _process.Dispose();
    }
}
