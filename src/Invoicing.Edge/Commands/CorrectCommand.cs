using System.CommandLine;
using System.Text.Json.Nodes;
using Invoicing.Edge.Control;
using Invoicing.Edge.Settings;

namespace Invoicing.Edge.Commands;

/// <summary><c>correct</c>: puts an invoice right, by the running service: a replacement, goods taken back, or a notice about the buyer.</summary>
internal static class CorrectCommand
{
    private static readonly (string Option, string Key, string Description)[] BuyerParts =
    [
        ("--buyer-name", "name", "Buyer's registered name."),
        ("--buyer-tax-code", "tax_code", "Buyer's tax code."),
        ("--buyer-address", "address", "Buyer's address."),
        ("--buyer-person", "person", "Name of the person who buys."),
        ("--buyer-id", "personal_id", "Personal id of 12 digits."),
        ("--buyer-phone", "phone", "Buyer's telephone."),
        ("--buyer-email", "email", "Buyer's e-mail address."),
    ];

    public static Command Create()
    {
        Option<string> config = EdgeOptions.Config();
        Option<bool> json = EdgeOptions.Json();
        var code = new Option<string>("--code") { Description = "Authority code of the invoice that is wrong.", Required = true };
        var way = new Option<string>("--by")
        {
            Description = "replacement, return or notice. An invoice is never cancelled (official letter 348/CT-CS).",
            Required = true,
        };
        way.AcceptOnlyFromAmong("replacement", "return", "notice", "cancel"); // the last is refused with the reason
        var reason = new Option<string>("--reason") { Description = "Why, 1 to 255 characters; it stands on the new invoice.", Required = true };
        var sale = new Option<string>("--sale") { Description = "JSON document of the right sale, or of the goods that come back (amounts positive).", HelpName = "FILE" };
        var command = new Command("correct", "Puts an invoice right; the running service enters it.") { config, code, way, reason, sale, json };
        (Option<string> Option, string Key)[] buyer =
            [.. BuyerParts.Select(part => (new Option<string>(part.Option) { Description = part.Description }, part.Key))];
        foreach ((Option<string> option, _) in buyer)
        {
            command.Add(option);
        }

        command.Run(async (parsed, cancellationToken) =>
        {
            var settings = EdgeSettings.Load(parsed.GetRequiredValue(config));
            var request = new JsonObject
            {
                ["code"] = parsed.GetRequiredValue(code),
                ["by"] = parsed.GetRequiredValue(way),
                ["reason"] = parsed.GetRequiredValue(reason),
            };
            if (parsed.GetValue(sale) is { } file)
            {
                request["sale"] = ReadSale(file, await File.ReadAllTextAsync(file, cancellationToken));
            }

            var named = new JsonObject();
            foreach ((Option<string> option, string key) in buyer)
            {
                if (parsed.GetValue(option) is { Length: > 0 } value)
                {
                    named[key] = value;
                }
            }

            if (named.Count > 0)
            {
                request["buyer"] = named;
            }

            JsonObject answer = await ControlClient.AskAsync(settings.Control, "corrections", request.ToJsonString(), cancellationToken);
            string text = parsed.GetValue(json) ? answer.ToJsonString() : answer["text"]!.GetValue<string>();
            await parsed.InvocationConfiguration.Output.WriteLineAsync(text.AsMemory(), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static JsonNode ReadSale(string file, string text)
    {
        try
        {
            return JsonNode.Parse(text) ?? throw new InvoicingException($"{file}: expected a sale as a JSON object, found null");
        }
        catch (System.Text.Json.JsonException fault)
        {
            throw new InvoicingException($"{file}: expected a sale as JSON, found other text: {fault.Message}", innerException: fault);
        }
    }
}
