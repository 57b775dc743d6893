using System.CommandLine;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Invoicing.Edge.Captures;
using Invoicing.Registers.Text;
using Invoicing.Sales;

namespace Invoicing.Edge.Commands;

/// <summary><c>codepage</c>: one capture's text under every code page, for a person who has to choose.</summary>
internal static class CodePageCommand
{
    public static Command Create()
    {
        Option<string> config = EdgeOptions.Config();
        Option<bool> json = EdgeOptions.Json();
        Option<string?> register = EdgeOptions.Till();
        Argument<long?> number = EdgeOptions.Capture();
        var command = new Command("codepage", "Shows a capture's text under every code page, the likeliest first; the configured one has a star.") { number, config, register, json };
        command.Run(async (parsed, cancellationToken) =>
        {
            var fetch = CaptureFetch.Of(parsed.GetRequiredValue(config), parsed.GetValue(register));
            KeptCapture piece = await fetch.ReadAsync(parsed.GetValue(number), cancellationToken);
            ImmutableArray<CodePagePreview> previews = fetch.Till.CodePages(piece.Bytes);
            string text = parsed.GetValue(json) ? ToJson(piece, fetch.Till, previews).ToJsonString() : ForPeople(fetch.Till, previews);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(text.AsMemory(), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static string ForPeople(CapturedTill till, ImmutableArray<CodePagePreview> previews) => previews.All(preview => preview.Lines.IsEmpty)
        ? $"nothing in this capture depends on the code page ({till.Page} is configured): choose one with Vietnamese names in it"
        : string.Join(Environment.NewLine, previews.SelectMany(preview => (string[])
            [
                $"{(preview.Page == till.Page ? '*' : ' ')} {preview.Page.Name,-10}  {preview.Undefined} without meaning, {preview.VietnameseLetters} Vietnamese letters",
                .. ReadingText.Of(preview.Lines),
            ]));

    private static JsonObject ToJson(KeptCapture piece, CapturedTill till, ImmutableArray<CodePagePreview> previews) => new()
    {
        ["number"] = piece.Number,
        ["configured"] = till.Page.Name,
        ["code_pages"] = new JsonArray([.. previews.Select(preview => (JsonNode)new JsonObject
        {
            ["name"] = preview.Page.Name,
            ["configured"] = preview.Page == till.Page,
            ["undefined"] = preview.Undefined,
            ["vietnamese_letters"] = preview.VietnameseLetters,
            ["lines"] = new JsonArray([.. preview.Lines.Select(line => (JsonNode)line)]),
        })]),
    };
}
