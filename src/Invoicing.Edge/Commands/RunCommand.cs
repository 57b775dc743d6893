using System.CommandLine;
using Invoicing.Edge.Api;
using Invoicing.Edge.Control;
using Invoicing.Edge.Hosting;
using Invoicing.Edge.Settings;
using Invoicing.Gateway.Journal;
using Microsoft.Extensions.Logging.Console;

namespace Invoicing.Edge.Commands;

/// <summary><c>run</c>: the service itself.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        Option<string> config = EdgeOptions.Config();
        var verbose = new Option<bool>("--verbose") { Description = "Also say what happens on lines and streams." };
        var command = new Command("run", "Serves the registers until ended by Ctrl-C or SIGTERM.") { config, verbose };
        command.Run((parsed, cancellationToken) =>
            RunAsync(parsed.GetRequiredValue(config), parsed.GetValue(verbose), parsed.InvocationConfiguration, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        string config, bool verbose, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        var settings = EdgeSettings.Load(config);
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging
            .SetMinimumLevel(verbose ? LogLevel.Debug : LogLevel.Information)
            .AddSimpleConsole(o =>
            {
                o.SingleLine = true;
                o.TimestampFormat = "HH:mm:ss.fff ";
                o.ColorBehavior = LoggerColorBehavior.Disabled;
            }));
        EdgeHost host = await EdgeHost.StartAsync(settings, loggers, TimeProvider.System, cancellationToken);
        await using (host)
        {
            ControlServer control = await ControlServer.StartAsync(settings.Control, host, loggers, cancellationToken);
            await using (control)
            {
                await using ApiServer? api = settings.Api is null ? null : await ApiServer.StartAsync(settings.Api, host, loggers, cancellationToken);
                string ready = $"edge ready: device {host.Gateway.Status.Device}, chain {host.Gateway.Status.Chain}, journal {settings.Journal}, "
                    + $"{settings.Registers.Count} register line(s), SQLite {JournalAudit.SqliteVersion}"
                    + (api is null ? string.Empty : $", sales by http://{api.Endpoint}/v1/sales");
                await console.Output.WriteLineAsync(ready.AsMemory(), cancellationToken);
                await console.Output.FlushAsync(cancellationToken);
                return await WaitAsync(host, console, cancellationToken);
            }
        }
    }

    private static async Task<int> WaitAsync(EdgeHost host, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        try
        {
            await host.Completion.WaitAsync(cancellationToken);
            return ExitCode.Done;
        }
        catch (InvoicingException fault)
        {
            await console.Error.WriteLineAsync($"recording ended: {fault.Message}".AsMemory(), CancellationToken.None);
            return ExitCode.RecordingFailed;
        }
    }
}
