using System.CommandLine;
using FirmwareSim.Running;

namespace FirmwareSim.Commands;

/// <summary><c>firmware-sim run</c>: one register that sells.</summary>
internal static class RunCommand
{
    public static Command Create(TimeProvider time)
    {
        Command command = new("run", "Rings up sales, keeps them in the register's journal and hands them to the gateway.");
        Option<string> config = new("--config") { Description = "A JSON file with these settings; the command line wins", HelpName = "FILE" };
        command.Add(config);
        Dictionary<string, Option<string>> options = new(StringComparer.Ordinal);
        Dictionary<string, Option<bool>> switches = new(StringComparer.Ordinal);
        Option<string[]> faults = new("--" + RunSettings.Fault) { Description = RunSettings.Texts[RunSettings.Fault], HelpName = "FAULT" };
        command.Add(faults);
        foreach ((string key, string text) in RunSettings.Texts.Concat(TillSettings.Texts).Where(pair => pair.Key != RunSettings.Fault))
        {
            if (key is RunSettings.Linger or RunSettings.Json or TillSettings.Status or TillSettings.Wait)
            {
                switches[key] = new("--" + key) { Description = text };
                command.Add(switches[key]);
            }
            else
            {
                options[key] = new("--" + key) { Description = text, HelpName = key.ToUpperInvariant() };
                command.Add(options[key]);
            }
        }

        command.SetAction((result, cancellationToken) =>
        {
            SettingSource source = new(
                key => key == RunSettings.Fault ? Joined(result.GetValue(faults))
                    : options.TryGetValue(key, out Option<string>? option) ? result.GetValue(option)
                    : result.GetResult(switches[key]) is { Implicit: false } ? result.GetValue(switches[key]).ToString() : null,
                result.GetValue(config),
                [.. RunSettings.Texts.Keys, .. TillSettings.Texts.Keys]);
            bool json = source.Read<bool>(RunSettings.Json, "true or false", bool.TryParse, otherwise: false);
            return TillSettings.ReadProtocol(source) is Failures.Protocol protocol
                ? TillRun.RunAsync(TillSettings.Read(source, protocol, time), json, cancellationToken)
                : RunAsync(RunSettings.Read(source, time), json, cancellationToken);
        });
        return command;
    }

    private static string? Joined(string[]? orders) => orders is { Length: > 0 } ? string.Join(',', orders) : null;

    private static async Task<int> RunAsync(SimulatedRegisterOptions options, bool json, CancellationToken cancellationToken)
    {
        await using SimulatedRegister register = new(options);
        register.WhenNoted = text => Console.Error.WriteLine($"{options.Serial}: {text}");
        await Console.Error.WriteLineAsync($"{options.Serial}: epoch {register.Epoch:X16}, line {register.Line.Name}");
        try
        {
            await register.RunAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C or SIGTERM: say what there is and end.
        }

        RegisterSummary summary = register.Summary;
        Console.WriteLine(json ? JsonLines.Of(summary) : Text(summary));
        bool done = summary.RungUp >= options.Sales && summary.OldestUnacknowledged is null;
        return done ? ExitCode.Done : ExitCode.Interrupted;
    }

    private static string Text(RegisterSummary summary) => FormattableString.Invariant(
        $"""
        register       {summary.Serial}, epoch {summary.Epoch}, start {summary.Boot}
        rung up        {summary.RungUp}
        acknowledged   {summary.Acknowledged} of {summary.Records} records: {summary.Issued} issued, {summary.Held} held, {summary.Recorded} recorded
        waiting        {(summary.OldestUnacknowledged is ulong oldest ? $"from sequence {oldest} on" : "none")}
        """) + (summary.Stopped is null ? "" : Environment.NewLine + "stopped        " + summary.Stopped);
}
