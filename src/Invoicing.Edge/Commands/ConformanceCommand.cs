using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Invoicing.Edge.Settings;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Tlk.Conformance;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Edge.Commands;

/// <summary><c>conformance</c>: tests a register that claims TLK/1 and reports which rules it keeps.</summary>
internal static class ConformanceCommand
{
    /// <summary>A sale that a command rings up is there in seconds; a person needs up to two minutes.</summary>
    private static readonly TimeSpan CommandPatience = TimeSpan.FromSeconds(20);

    public static Command Create()
    {
        var line = new Option<string>("--line") { Description = "Where the register hangs: serial:PATH, tcp:HOST:PORT or tcp-listen:ADDRESS:PORT.", Required = true, HelpName = "LINE" };
        var key = new Option<string?>("--key") { Description = "The 32 bytes of pairing as 64 hex digits: the line is sealed.", HelpName = "HEX" };
        var quick = new Option<bool>("--quick") { Description = "Cuts the line at 16 places of each exchange, and leaves out what takes a minute or more." };
        var sell = new Option<string?>("--sell-command") { Description = "Rings up one sale of $SALE_LINES lines. Without it the person at the till is asked.", HelpName = "CMD" };
        var alone = new Option<bool>("--sells-itself") { Description = "The register sells all the time: nobody is asked." };
        var only = new Option<string[]>("--case") { Description = "Only this case, such as C041. May be repeated.", HelpName = "CASE" };
        var report = new Option<string?>("--report") { Description = "Writes the report as JSON to this file, too.", HelpName = "FILE" };
        var scale = new Option<int>("--time-scale") { Description = "The register was built with TLK_TIME_SCALE of this value.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var command = new Command("conformance", "Tests a register that claims TLK/1: numbered cases, each with the rule that it proves.")
        {
            line, key, quick, sell, alone, only, report, scale,
        };
        command.Run(async (parsed, cancellationToken) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            try
            {
                var options = new ConformanceOptions
                {
                    Key = parsed.GetValue(key) is { } hex ? Convert.FromHexString(hex) : default(ReadOnlyMemory<byte>),
                    IsQuick = parsed.GetValue(quick),
                    Sell = parsed.GetValue(alone) ? null : Seller(parsed.GetValue(sell), output),
                    SalePatience = parsed.GetValue(sell) is null && !parsed.GetValue(alone) ? TimeSpan.FromMinutes(2) : CommandPatience,
                    Cases = parsed.GetValue(only) ?? [],
                    TimeScale = parsed.GetValue(scale),
                    Progress = output.WriteLine,
                };
                return await RunAsync(LineAddress.Parse(parsed.GetRequiredValue(line)), options, parsed.GetValue(report), output, cancellationToken);
            }
            catch (Exception fault) when (fault is FormatException or ArgumentException)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(fault.Message.AsMemory(), cancellationToken);
                return ExitCode.BadSettings;
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(
        LineAddress address, ConformanceOptions options, string? file, TextWriter output, CancellationToken cancellationToken)
    {
        await using ILine line = Open(address);
        ConformanceReport report = await ConformanceKit.RunAsync(line, options, cancellationToken);
        await output.WriteLineAsync(report.ToText().AsMemory(), cancellationToken);
        if (file is not null)
        {
            await File.WriteAllTextAsync(file, report.ToJson(), cancellationToken);
        }

        return report.IsConforming ? ExitCode.Done : ExitCode.Unsound;
    }

    private static ILine Open(LineAddress address)
    {
        NullLoggerFactory loggers = NullLoggerFactory.Instance;
        return address switch
        {
            LineAddress.Serial serial => SerialLines.Create(serial.Options, TimeProvider.System, loggers),
            LineAddress.Tcp tcp => new TcpClientLine(tcp.Host, tcp.Port, TimeProvider.System, loggers.CreateLogger<TcpClientLine>()),
            LineAddress.Listen listen => new TcpServerLine(listen.Endpoint, allowed: null, TimeProvider.System, loggers.CreateLogger<TcpServerLine>()),
            _ => throw new ArgumentOutOfRangeException(nameof(address), address, "expected a line"),
        };
    }

    private static Func<int, CancellationToken, Task> Seller(string? command, TextWriter output) => command is null
        ? (lines, cancellationToken) => output.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $">>> Please ring up one sale of {(lines == 1 ? "one line" : $"at least {lines} lines")} now.").AsMemory(),
            cancellationToken)
        : (lines, cancellationToken) => SellAsync(command, lines, cancellationToken);

    private static async Task SellAsync(string command, int lines, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = OperatingSystem.IsWindows() ? new("cmd.exe", ["/c", command]) : new("/bin/sh", ["-c", command]);
        start.Environment["SALE_LINES"] = lines.ToString(CultureInfo.InvariantCulture);
        using Process process = Process.Start(start) ?? throw new FormatException($"sell command: expected one that starts, found '{command}'");
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new FormatException($"sell command: expected exit code 0, found {process.ExitCode}");
        }
    }
}
