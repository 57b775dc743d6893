using System.Globalization;
using Invoicing.Chain;
using Invoicing.Gateway;
using Invoicing.Gateway.Keys;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Tlk;
using Invoicing.Sales;
using Microsoft.Extensions.Logging;

// Invoicing.WindowsRun PORT SPEED REGISTER JOURNAL BUNDLE KEY: gateway, serial line and driver as the edge service puts them together, on Windows,
// with the signing key at the location KEY.
// Ends when standard input ends.
if (args.Length != 6)
{
    await Console.Error.WriteLineAsync("expected PORT SPEED REGISTER JOURNAL BUNDLE KEY").ConfigureAwait(false);
    return 1;
}

using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Information).AddSimpleConsole(o => o.SingleLine = true));
using var stop = new CancellationTokenSource();
InvoicingGateway gateway = await InvoicingGateway.OpenAsync(
    new()
    {
        JournalPath = args[3],
        Bundle = ClientBundle.Parse(await File.ReadAllTextAsync(args[4]).ConfigureAwait(false), args[4]),
        Software = "Invoicing.WindowsRun",
        NewRegisters = [new RegisterId(args[2])],
        SigningKey = KeyLocation.Parse(args[5], Environment.CurrentDirectory),
    },
    loggers,
    CancellationToken.None).ConfigureAwait(false);
await using (gateway.ConfigureAwait(false))
{
    var options = new SerialLineOptions { Path = args[0], Speed = int.Parse(args[1], CultureInfo.InvariantCulture) };
    ILine line = SerialLines.Create(options, TimeProvider.System, loggers);
    await using (line.ConfigureAwait(false))
    {
        var driver = new TlkDriver(line, gateway, new TlkOptions { Gateway = "windows-run" }, TimeProvider.System, loggers.CreateLogger<TlkDriver>());
        Task serving = driver.RunAsync(stop.Token);
        Console.WriteLine($"windows-run ready: key in a {gateway.Status.Key.Kind}, {Environment.OSVersion}, .NET {Environment.Version}, {line.GetType().Name} on {line.Name}");
        Task first = await Task.WhenAny(serving, gateway.Completion, Task.Run(Console.In.ReadToEnd)).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }
}

Console.WriteLine("windows-run ended");
return 0;
