using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Invoicing.Edge.Control;
using Invoicing.Edge.Settings;

namespace Invoicing.Edge.Commands;

/// <summary><c>status</c>: where the running service stands.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        Option<string> config = EdgeOptions.Config();
        Option<bool> json = EdgeOptions.Json();
        var command = new Command("status", "Says where the running service stands: green, or what is wrong and what to do.") { config, json };
        command.Run(async (parsed, cancellationToken) =>
        {
            var settings = EdgeSettings.Load(parsed.GetRequiredValue(config));
            if (await ControlClient.StatusAsync(settings.Control, cancellationToken) is not { } status)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(
                    $"the edge service is not running: nobody answers on {settings.Control}; start it with 'run --config …'".AsMemory(), cancellationToken);
                return ExitCode.NotRunning;
            }

            string text = parsed.GetValue(json) ? status.ToJsonString() : ForPeople(status);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(text.AsMemory(), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    internal static string ForPeople(JsonObject status)
    {
        var lines = new List<string>
        {
            $"{(status["green"]!.GetValue<bool>() ? "GREEN" : "ATTENTION")}  device {status["device"]}, chain {status["chain"]}",
            $"recorded  {status["head"]} entries, {status["lag"]} not yet acknowledged"
                + $" (oldest {status["lag_age_s"]!.GetValue<double>().ToString("0.0", CultureInfo.InvariantCulture)} s)",
            $"recording {status["recording"]}{Because(status, "recording")}",
            $"sending   {status["sending"]}{Because(status, "sending")}",
            $"left      {status["codes_left"]} authority codes",
        };
        lines.AddRange(IdentityText.ForPeople(status));
        lines.AddRange(Waiting(status));
        lines.AddRange(DeadlineText.ForPeople(status));
        if (status["alarm"] is { } alarm)
        {
            lines.Add($"alarm     {alarm}");
        }

        if (status["key"]?["warning"] is { } warning)
        {
            lines.Add($"key       {warning}");
        }

        if (status["captures"]!["trouble"] is { } full)
        {
            lines.Add($"captures  {full}");
        }

        foreach (JsonNode? r in status["registers"]!.AsArray())
        {
            string mode = r!["mode"] is { } how ? $", {how}" : string.Empty;
            lines.Add($"register  {r["register"] ?? "(nobody)"} on {r["line"]} ({r["protocol"]}{mode}): {r["phase"]}, durable up to {r["durable"]}{Waiting(r)}{Room(r)}");
            lines.AddRange(new[] { r["trouble"]?.GetValue<string>() }.Concat(r["notes"]!.AsArray().Select(note => note!.GetValue<string>()))
                .Append(Counted(r)).OfType<string>().Select(sentence => $"          {sentence}"));
        }

        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>What is no good invoice yet, with the command that shows why.</summary>
    private static IEnumerable<string> Waiting(JsonObject status)
    {
        if (status["held"]!.GetValue<long>() is > 0 and long held)
        {
            yield return $"held      {Count(held, "sale is", "sales are")} no invoice yet: 'held list' says why, 'held resolve' makes the invoice";
        }

        if (status["parked"]!.GetValue<long>() is > 0 and long parked)
        {
            yield return $"parked    {Count(parked, "entry was", "entries were")} rejected by the authority, which says why in the log: 'correct' makes up for an invoice";
        }

        if (status["conflicts"]!.GetValue<long>() is > 0 and long conflicts)
        {
            yield return $"conflicts {Count(conflicts, "record", "records")} came again with other content; the first is what counts";
        }
    }

    private static string Count(long count, string one, string more) => $"{count.ToString(CultureInfo.InvariantCulture)} {(count == 1 ? one : more)}";

    private static string Waiting(JsonNode register) => register["waiting"]!.GetValue<int>() is > 0 and int waiting ? $", {waiting} waiting" : string.Empty;

    /// <summary>What a till's captures turned out to be; other lines' counters are for those who look into a fault, in the JSON.</summary>
    private static string? Counted(JsonNode register) =>
        register["protocol"]!.GetValue<string>() is "escpos" or "line-text" && register["counters"]!.AsObject() is { Count: > 0 } counters
            ? string.Join(", ", counters.Select(counter => $"{counter.Key} {counter.Value}"))
            : null;

    private static string Room(JsonNode register) => register["journal_used"] is { } used ? $", its own journal {used} % full" : string.Empty;

    private static string Because(JsonObject status, string of) =>
        (status[$"{of}_reason"], status[$"{of}_way_out"]) switch
        {
            (null, _) => string.Empty,
            ({ } reason, null) => $": {reason}",
            ({ } reason, { } wayOut) => $": {reason} — {wayOut}",
        };
}
