using System.CommandLine;
using System.Text.Json.Nodes;
using Invoicing.Edge.Control;
using Invoicing.Edge.Settings;

namespace Invoicing.Edge.Commands;

/// <summary><c>keys</c>: the signing key in force, and changing it; by the running service.</summary>
internal static class KeysCommand
{
    public static Command Create() => new("keys", "The chain's signing key.") { Show(), Rotate() };

    private static Command Show()
    {
        Option<string> config = EdgeOptions.Config();
        Option<bool> json = EdgeOptions.Json();
        var command = new Command("show", "Shows which key is in force and where it lies.") { config, json };
        command.Run(async (parsed, cancellationToken) =>
        {
            JsonObject answer = await ControlClient.AskAsync(
                EdgeSettings.Load(parsed.GetRequiredValue(config)).Control, "keys", content: null, cancellationToken);
            string text = $"key {answer["id"]}: {answer["kind"]}{(answer["location"] is { } place ? $", {place}" : string.Empty)}"
                + (answer["warning"] is { } warning ? $"{Environment.NewLine}{warning}" : string.Empty)
                + (answer["retired"]!.GetValue<int>() is > 0 and int retired
                    ? $"{Environment.NewLine}{retired} key(s) before it are kept until the authority has what they signed" : string.Empty);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                (parsed.GetValue(json) ? answer.ToJsonString() : text).AsMemory(), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Rotate()
    {
        Option<string> config = EdgeOptions.Config();
        Option<bool> json = EdgeOptions.Json();
        var to = new Option<string?>("--to")
        {
            Description = "Where the new key lies, or is made: file:PATH, pkcs11:token=…;object=…, dpapi:PATH, store:CurrentUser/My?thumbprint=…; absent: a file beside the present one.",
            HelpName = "LOCATION",
        };
        var command = new Command("rotate", "Lets the chain go on under another key; sales go on meanwhile.") { config, to, json };
        command.Run(async (parsed, cancellationToken) =>
        {
            var settings = EdgeSettings.Load(parsed.GetRequiredValue(config));
            string place = parsed.GetValue(to) is { } text ? Place(text).ToString() : string.Empty;
            JsonObject answer = await ControlClient.AskAsync(settings.Control, "keys", place, cancellationToken, KeysEndpoint.Limit);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                (parsed.GetValue(json) ? answer.ToJsonString() : answer["done"]!.GetValue<string>()).AsMemory(), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Relative paths are relative to where the command is given, not to where the service runs.</summary>
    private static Gateway.Keys.KeyLocation Place(string text)
    {
        try
        {
            return Gateway.Keys.KeyLocation.Parse(text, Environment.CurrentDirectory);
        }
        catch (FormatException fault)
        {
            throw new InvoicingException($"option '--to': {fault.Message}", innerException: fault);
        }
    }
}
