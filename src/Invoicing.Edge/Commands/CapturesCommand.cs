using System.CommandLine;
using System.Text.Json.Nodes;
using Invoicing.Edge.Captures;
using Invoicing.Edge.Control;
using Invoicing.Registers.Receipts;
using Invoicing.Sales;

namespace Invoicing.Edge.Commands;

/// <summary><c>captures</c>: what tills printed, what it was taken for, and why; asked of the running service.</summary>
internal static class CapturesCommand
{
    private const int DefaultLimit = 20;

    public static Command Create() => new("captures", "What tills printed that are captured: what each print was taken for, and why.") { List(), Show() };

    private static Command List()
    {
        Option<string> config = EdgeOptions.Config();
        Option<bool> json = EdgeOptions.Json();
        Option<string?> register = EdgeOptions.Till();
        var only = new Option<string?>("--class") { Description = $"Only of this class: {CaptureWord.All}.", HelpName = "CLASS" };
        var before = new Option<long?>("--before") { Description = "Only captures before this one: the next page.", HelpName = "NUMBER" };
        var limit = new Option<int>("--limit") { Description = $"At most so many, 1 to {CapturesEndpoint.MostListed}.", DefaultValueFactory = _ => DefaultLimit };
        var command = new Command("list", "Lists captures, newest first.") { config, register, only, before, limit, json };
        command.Run(async (parsed, cancellationToken) =>
        {
            var fetch = CaptureFetch.Of(parsed.GetRequiredValue(config), parsed.GetValue(register));
            JsonObject page = await fetch.ListAsync(parsed.GetValue(before), parsed.GetValue(only), parsed.GetValue(limit), cancellationToken);
            TextWriter output = parsed.InvocationConfiguration.Output;
            string text = parsed.GetValue(json) ? page.ToJsonString() : ForPeople(fetch.Till, page);
            await output.WriteLineAsync(text.AsMemory(), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show()
    {
        Option<string> config = EdgeOptions.Config();
        Option<bool> json = EdgeOptions.Json();
        Option<string?> register = EdgeOptions.Till();
        Argument<long?> number = EdgeOptions.Capture();
        var command = new Command("show", "Shows one capture: its text, what it was taken for, and what the configured template reads in it now.") { number, config, register, json };
        command.Run(async (parsed, cancellationToken) =>
        {
            var fetch = CaptureFetch.Of(parsed.GetRequiredValue(config), parsed.GetValue(register));
            KeptCapture piece = await fetch.ReadAsync(parsed.GetValue(number), cancellationToken);
            ReceiptPreview preview = fetch.Till.Read(piece, fetch.Till.Template);
            string text = parsed.GetValue(json) ? ToJson(piece, preview).ToJsonString() : string.Join(
                Environment.NewLine,
                [ReadingText.Of(piece), .. ReadingText.Of(preview.Lines), "read now as", .. ReadingText.Of(preview.Reading)]);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(text.AsMemory(), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static string ForPeople(CapturedTill till, JsonObject page)
    {
        List<string> lines = [.. page["captures"]!.AsArray().Select(piece => ReadingText.Of(CaptureJson.Read(piece!)))];
        if (lines.Count == 0)
        {
            lines.Add($"nothing of that kind is captured of {till.Register}");
        }

        if (page["next"] is { } next)
        {
            lines.Add($"older ones: --before {next}");
        }

        return string.Join(Environment.NewLine, lines);
    }

    private static JsonObject ToJson(KeptCapture piece, ReceiptPreview preview)
    {
        JsonObject json = CaptureJson.From(piece with { Bytes = default });
        json["lines"] = new JsonArray([.. preview.Lines.Take(ReadingText.MostLines).Select(line => (JsonNode)line)]);
        json["lines_in_all"] = preview.Lines.Length;
        json["reading"] = CaptureJson.From(preview.Reading);
        return json;
    }
}
