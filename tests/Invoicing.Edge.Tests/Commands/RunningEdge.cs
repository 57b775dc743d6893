using System.CommandLine;
using Invoicing.Chain;
using Invoicing.Edge.Control;
using Invoicing.Edge.Hosting;
using Invoicing.Edge.Settings;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Signing;
using Invoicing.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Edge.Tests.Commands;

/// <summary>An edge service in this process, without registers and without an authority, and its commands.</summary>
internal sealed class RunningEdge : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private EdgeHost _host;
    private ControlServer _control;

    private RunningEdge(TempFolder folder, EdgeHost host, ControlServer control)
    {
        _folder = folder;
        _host = host;
        _control = control;
    }

    public string Socket => _folder.File("c.sock");

    public ManualTime Time => (ManualTime)_host.Time;

    public Invoicing.Gateway.InvoicingGateway Gateway => _host.Gateway;

    public EdgeHost Host => _host;

    /// <summary>Whether the first line is being recorded.</summary>
    public bool IsRecording => _host.FindLine(_host.Lines.First().Line)!.IsRecorded;

    public string Journal => _folder.File("journal.db");

    public string Config => _folder.File("edge.json");

    public static async Task<RunningEdge> StartAsync(string more = "", ILoggerFactory? loggers = null)
    {
        var folder = new TempFolder();
        using var authority = SoftwareSigner.Create();
        var enrolment = EnrolmentGrant.Create(
            "device-1", new(TaxCode.Parse("0107001729"), "Cửa hàng Thử Nghiệm", "1 Tràng Tiền, Hà Nội"), InvoiceKind.Vat, Sha256Hash.Of([1]),
            [new("A1B2C", 0, 999)], [new(InvoiceSeries.Parse("C26MAA"), 1, 1000)], [authority.PublicKey],
            new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());
        await File.WriteAllTextAsync(folder.File("device.json"), new ClientBundle("device-1", "c", "k", "r", enrolment.Bytes).ToJson());
        (EdgeHost host, ControlServer control) = await ServeAsync(folder, more, loggers, new ManualTime());
        return new(folder, host, control);
    }

    /// <summary>Ends the service and starts it again, with another configuration.</summary>
    public async Task RestartAsync(string more, ILoggerFactory? loggers = null)
    {
        await _control.DisposeAsync();
        await _host.DisposeAsync();
        (_host, _control) = await ServeAsync(_folder, more, loggers, Time);
    }

    /// <summary>Moves the clock in small steps until something holds: what waits for time gets it, however slow the machine is.</summary>
    public Task UntilAsync(Func<bool> holds, string what, TimeSpan? step = null) => Waiting.Until(
        () =>
        {
            if (holds())
            {
                return true;
            }

            Time.Advance(step ?? TimeSpan.FromMilliseconds(100));
            return false;
        },
        what,
        TimeSpan.FromSeconds(60));

    public string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }

    /// <summary>Runs a command as the program does.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(Command command, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await command.Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = error }).Soon();
        return (code, output.ToString().TrimEnd(), error.ToString().TrimEnd());
    }

    private static async Task<(EdgeHost Host, ControlServer Control)> ServeAsync(TempFolder folder, string more, ILoggerFactory? loggers, ManualTime time)
    {
        await File.WriteAllTextAsync(folder.File("edge.json"), $$"""{ "journal": "journal.db", "bundle": "device.json", "control": "c.sock"{{more}} }""");
        var settings = EdgeSettings.Load(folder.File("edge.json"));
        EdgeHost host = await EdgeHost.StartAsync(settings, loggers ?? NullLoggerFactory.Instance, time, default).Soon();
        return (host, await ControlServer.StartAsync(settings.Control, host, NullLoggerFactory.Instance, default).Soon());
    }

    public async ValueTask DisposeAsync()
    {
        await _control.DisposeAsync();
        await _host.DisposeAsync();
        _folder.Dispose();
    }
}
