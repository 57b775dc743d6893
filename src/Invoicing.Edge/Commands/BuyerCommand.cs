using System.CommandLine;
using System.Text.Json.Nodes;
using Invoicing.Edge.Control;
using Invoicing.Edge.Settings;

namespace Invoicing.Edge.Commands;

/// <summary><c>buyer</c>: states who buys, for a register that cannot ask.</summary>
internal static class BuyerCommand
{
    private static readonly (string Option, string Key, string Description)[] Parts =
    [
        ("--name", "name", "Registered name, at most 400 characters."),
        ("--tax-code", "tax_code", "Tax code: 10 digits, 10-3, or 12 digits."),
        ("--address", "address", "Address, at most 400 characters."),
        ("--person", "person", "Name of the person who buys, at most 100 characters."),
        ("--personal-id", "personal_id", "Personal id, 12 digits."),
        ("--passport", "passport", "Passport number, at most 20 characters."),
        ("--phone", "phone", "Telephone, at most 20 characters."),
        ("--email", "email", "E-mail address, at most 50 characters."),
        ("--budget-code", "budget_code", "Code of an organisation with ties to the state budget, at most 7 characters."),
        ("--customer-code", "customer_code", "The shop's own code for the customer, at most 50 characters."),
    ];

    public static Command Create()
    {
        Option<string> config = EdgeOptions.Config();
        Option<bool> json = EdgeOptions.Json();
        var register = new Option<string>("--register") { Description = "The register's serial.", Required = true };
        var receipt = new Option<string?>("--receipt")
        {
            Description = "Number of the receipt; absent: the sale that waits longest, or else the next one.",
        };
        var command = new Command(
            "buyer",
            "Names the buyer of a sale that waits for it (buyer_hold in the configuration), or of the next one. "
            + "A sale that is issued is not changed: replace its invoice.")
        {
            config, register, receipt,
        };
        Option<string?>[] parts = [.. Parts.Select(part => new Option<string?>(part.Option) { Description = part.Description })];
        foreach (Option<string?> part in parts)
        {
            command.Add(part);
        }

        command.Add(json);
        command.Run(async (parsed, cancellationToken) =>
        {
            var statement = new JsonObject { ["register"] = parsed.GetRequiredValue(register) };
            Add("receipt", parsed.GetValue(receipt));
            for (int i = 0; i < parts.Length; i++)
            {
                Add(Parts[i].Key, parsed.GetValue(parts[i]));
            }

            var settings = EdgeSettings.Load(parsed.GetRequiredValue(config));
            JsonObject answer = await ControlClient.StateBuyerAsync(settings.Control, statement, cancellationToken);
            string text = parsed.GetValue(json) ? answer.ToJsonString() : answer["done"]!.GetValue<string>();
            await parsed.InvocationConfiguration.Output.WriteLineAsync(text.AsMemory(), cancellationToken);
            return ExitCode.Done;

            void Add(string key, string? value)
            {
                if (!string.IsNullOrEmpty(value))
                {
                    statement[key] = value;
                }
            }
        });
        return command;
    }
}
