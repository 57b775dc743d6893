using System.CommandLine;
using System.Net;

namespace Invoicing.Authority.Commands;

/// <summary><c>run</c>: the server.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "the authority's folder; or key 'data' of the configuration" };
        var listen = new Option<string?>("--listen") { Description = "address and port, default 127.0.0.1:5443; or key 'listen'; port 0 takes a free one" };
        var config = new Option<string?>("--config") { Description = "configuration file (JSON): data, listen, log_level, segment_size, door; options win over it" };
        var command = new Command("run", "take chains, keep them, show them to followers, until SIGTERM or Ctrl-C") { data, listen, config };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            AuthorityConfiguration configuration = parsed.GetValue(config) is { } path ? AuthorityConfiguration.Read(path) : new();
            string folder = parsed.GetValue(data) ?? configuration.Data
                ?? throw new InvoicingException("--data: expected the authority's folder, found neither the option nor key 'data' in a configuration file");
            IPEndPoint endpoint = parsed.GetValue(listen) is { } text ? AuthorityConfiguration.ToEndPoint("--listen", text)
                : configuration.Listen ?? AuthorityOptions.DefaultListen;
            var options = new AuthorityOptions
            {
                Folder = new(folder),
                Listen = endpoint,
                LogLevel = configuration.LogLevel,
                SegmentSize = configuration.SegmentSize,
                Gate = configuration.Door,
                HandlesSignals = true,
            };
            await using AuthorityServer server = await AuthorityServer.StartAsync(options, Log, cancellationToken);

            // For scripts: the port may have been chosen by the system.
            Console.WriteLine($"listening on {server.Address.ToString().TrimEnd('/')}");
            await server.WaitForShutdownAsync(cancellationToken);
            return AuthorityExit.Ok;
        });
        return command;
    }

    private static void Log(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.UseUtcTimestamp = true;
        });
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Grpc", LogLevel.Warning); // a caller that goes away is told by the stream itself
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
