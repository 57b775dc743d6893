using System.Diagnostics;
using System.Globalization;
using Invoicing.Gateway;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Lines;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Benchmarks.Registers;

/// <summary>One register, a process of the simulator behind a pseudo-terminal, and the driver that serves it.</summary>
internal sealed class BenchRegister : IAsyncDisposable
{
    /// <summary>The speed that most registers come with.</summary>
    private const int Speed = 9_600;

    private readonly CancellationTokenSource _stop = new();
    private readonly Process _register;
    private readonly ILine _line;
    private readonly IRegisterDriver _driver;
    private readonly Task _serving;

    private BenchRegister(BenchKind kind, string serial, Process register, ILine line, InvoicingGateway gateway)
    {
        Kind = kind;
        Serial = serial;
        _register = register;
        _line = line;
        Times = new(kind.IsAnswered);
        _driver = kind.Driver(Times.Watch(line), Times.Watch(gateway), gateway.Captures, serial);
        _serving = _driver.RunAsync(_stop.Token);
    }

    public BenchKind Kind { get; }

    public string Serial { get; }

    public AnswerTimes Times { get; }

    /// <summary>How the line is, for a message.</summary>
    public string Standing => string.Create(
        CultureInfo.InvariantCulture,
        $"{Serial} ({Kind.Name}): {_driver.Status.Phase} {_driver.Status.Trouble} {string.Join(", ", _driver.Status.Counters.Select(c => $"{c.Key} {c.Value}"))} {_serving.Exception?.InnerException?.Message}");

    /// <summary>Starts a register that sells for ever, and its driver.</summary>
    public static async Task<BenchRegister> StartAsync(BenchKind kind, string serial, string folder, TimeSpan pace, int seed, InvoicingGateway gateway)
    {
        string link = Path.Combine(folder, $"{serial}.line");
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "firmware-sim")) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] arguments =
        [
            "run", .. kind.Arguments, "--line", $"pty:{link}", "--serial", serial, "--journal", Path.Combine(folder, $"{serial}.journal"), "--sales", "1000000",
            "--pace", $"{(int)pace.TotalMilliseconds}ms", "--speed", Speed.ToString(CultureInfo.InvariantCulture), "--seed", seed.ToString(CultureInfo.InvariantCulture),
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        Process register = Process.Start(start) ?? throw new InvalidOperationException("expected firmware-sim beside the benchmarks, found none");
        register.OutputDataReceived += Ignore;
        register.ErrorDataReceived += Ignore;
        register.BeginOutputReadLine();
        register.BeginErrorReadLine();
        for (int i = 0; !File.Exists(link); i++)
        {
            await Task.Delay(100);
            if (i > 300 || register.HasExited)
            {
                throw new InvalidOperationException($"expected {link}, found none: the simulator did not start");
            }
        }

        return new(kind, serial, register, Open(link), gateway);
    }

    /// <summary>A line whose register says nothing and reads nothing, and a driver that asks it again and again.</summary>
    public static BenchRegister StartHung(BenchKind kind, string serial, string slave, Process silent, InvoicingGateway gateway) =>
        new(kind, serial, silent, Open(slave), gateway);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _line.DisposeAsync();
        if (!_register.HasExited)
        {
            _register.Kill();
            await _register.WaitForExitAsync();
        }

        _register.Dispose();
        _stop.Dispose();
    }

    private static ILine Open(string path) =>
        SerialLines.Create(new() { Path = path, Speed = Speed, LockFolder = null }, TimeProvider.System, NullLoggerFactory.Instance);

    private static void Ignore(object sender, DataReceivedEventArgs line)
    {
        // Read so that the simulator does not wait for a reader.
    }
}
