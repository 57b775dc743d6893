using System.CommandLine;
using System.Globalization;
using Invoicing.Edge.Control;
using Invoicing.Edge.Settings;
using Invoicing.Registers.Lines;

namespace Invoicing.Edge.Commands;

/// <summary><c>capture</c>: writes down what runs over a register's line, masked, for whoever looks into a fault; by the running service.</summary>
internal static class CaptureCommand
{
    public static Command Create()
    {
        Option<string> config = EdgeOptions.Config();
        var line = new Option<string>("--line") { Description = "The line as 'status' names it, or the register on it.", Required = true, HelpName = "LINE" };
        var seconds = new Option<int>("--seconds")
        {
            Description = "Ends it after so many seconds.",
            DefaultValueFactory = _ => (int)RecordingOptions.DefaultDuration.TotalSeconds,
        };
        var bytes = new Option<int>("--bytes") { Description = "Ends it after so many bytes of the line.", DefaultValueFactory = _ => RecordingOptions.DefaultBytes };
        var file = new Option<string>("--out") { Description = "File to write (JSON lines), which must not be there.", Required = true, HelpName = "FILE" };
        var command = new Command(
            "capture",
            "Records what runs over a register's line. Telephone numbers and tax codes are masked, and in frames of tlk, datecs and eutron names, too; what a till prints or pushes keeps its words. 'firmware-sim replay FILE' plays it back.")
        {
            config, line, seconds, bytes, file,
        };
        command.Run(async (parsed, cancellationToken) =>
        {
            var settings = EdgeSettings.Load(parsed.GetRequiredValue(config));
            string path = parsed.GetRequiredValue(file);
            string query = string.Create(
                CultureInfo.InvariantCulture,
                $"recordings?line={Uri.EscapeDataString(parsed.GetRequiredValue(line))}&seconds={parsed.GetValue(seconds)}&bytes={parsed.GetValue(bytes)}");
            await WriteAsync(settings.Control, query, path, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{path}: {new FileInfo(path).Length} bytes".AsMemory(), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task WriteAsync(string socket, string query, string path, CancellationToken cancellationToken)
    {
        FileStream target;
        try
        {
            target = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvoicingException($"{path}: expected to make a new file: {fault.Message}", innerException: fault);
        }

        await using (target)
        {
            await ControlClient.CopyAsync(socket, query, target, cancellationToken);
        }
    }
}
