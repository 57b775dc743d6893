using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Invoicing.Edge.Control;
using Invoicing.Edge.Settings;

namespace Invoicing.Edge.Commands;

/// <summary><c>held</c>: sales that could not be made invoices, and making them after all; by the running service.</summary>
internal static class HeldCommand
{
    public static Command Create() => new("held", "Sales that are recorded and could not be made invoices.") { List(), Resolve() };

    private static Command List()
    {
        Option<string> config = EdgeOptions.Config();
        Option<bool> json = EdgeOptions.Json();
        var command = new Command("list", "Lists what is held and why.") { config, json };
        command.Run(async (parsed, cancellationToken) =>
        {
            var settings = EdgeSettings.Load(parsed.GetRequiredValue(config));
            JsonObject answer = await ControlClient.AskAsync(settings.Control, "held", content: null, cancellationToken);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                await output.WriteLineAsync(answer.ToJsonString().AsMemory(), cancellationToken);
                return ExitCode.Done;
            }

            foreach (JsonNode? held in answer["held"]!.AsArray())
            {
                await output.WriteLineAsync(
                    $"{held!["position"]}: {held["register"]} {held["sequence"]}: {held["reason"]}".AsMemory(), cancellationToken);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Resolve()
    {
        Option<string> config = EdgeOptions.Config();
        Option<bool> json = EdgeOptions.Json();
        var position = new Argument<long>("position") { Description = "Entry of the held sale, as 'held list' names it." };
        var sale = new Option<string>("--sale")
        {
            Description = "JSON document of the right sale; without it, the register's own record is judged again (the catalogue may know its goods by now).",
            HelpName = "FILE",
        };
        var command = new Command("resolve", "Makes the invoice of a held sale; the chain notes which hole it closes.") { position, config, sale, json };
        command.Run(async (parsed, cancellationToken) =>
        {
            var settings = EdgeSettings.Load(parsed.GetRequiredValue(config));
            string text = parsed.GetValue(sale) is { } file ? await File.ReadAllTextAsync(file, cancellationToken) : string.Empty;
            string path = string.Create(CultureInfo.InvariantCulture, $"held/{parsed.GetRequiredValue(position)}");
            JsonObject answer = await ControlClient.AskAsync(settings.Control, path, text, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                (parsed.GetValue(json) ? answer.ToJsonString() : answer["text"]!.GetValue<string>()).AsMemory(), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }
}
