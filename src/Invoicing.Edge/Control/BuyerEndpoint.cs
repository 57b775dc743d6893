using System.Text;
using System.Text.Json.Nodes;
using Invoicing.Documents;
using Invoicing.Edge.Hosting;
using Invoicing.Sales;
using Invoicing.Settings;

namespace Invoicing.Edge.Control;

/// <summary>Takes a statement of who buys: a JSON object as the body, since buyer data belongs into no address and no log.</summary>
internal static class BuyerEndpoint
{
    /// <summary>Most bytes of a statement: ten texts of the law's lengths, escaped, are 16 KiB.</summary>
    private const int MaxBody = 32 * 1024;

    /// <summary>Longest wait for the sale's recording: sales before it may wait for minutes, and a command is to answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task StateAsync(HttpContext context, EdgeHost host)
    {
        if (await ControlAnswer.ReadAsync(context, MaxBody) is not { } body)
        {
            await ControlAnswer.RefuseAsync(
                context, StatusCodes.Status413PayloadTooLarge, $"expected a statement of at most {MaxBody} bytes, found more");
            return;
        }

        try
        {
            var statement = JsonSettings.Parse(Encoding.UTF8.GetString(body), "statement");
            await ControlAnswer.WriteAsync(context, await StateAsync(statement, host, context.RequestAborted));
        }
        catch (InvoicingException fault)
        {
            await ControlAnswer.RefuseAsync(context, StatusCodes.Status409Conflict, fault.Message);
        }
    }

    private static async Task<JsonObject> StateAsync(JsonSettings json, EdgeHost host, CancellationToken cancellationToken)
    {
        string register = json.Text("register");
        if (!RegisterId.IsValid(register))
        {
            throw json.Fault("register", $"a register's serial of 1 to {RegisterId.MaxLength} printable characters", $"'{register}'");
        }

        string? receipt = json.OptionalText("receipt");
        Buyer buyer = SaleDocument.ReadBuyer(json); // refuses any key that is none of these
        try
        {
            RecordOutcome? outcome = await host.Gateway.StateBuyerAsync(new(register), receipt, buyer, cancellationToken)
                .WaitAsync(Patience, host.Time, cancellationToken);
            return Told(outcome, receipt);
        }
        catch (TimeoutException)
        {
            return new() { ["done"] = "taken; the sale is recorded when those before it are", ["outcome"] = "taken" };
        }
    }

    private static JsonObject Told(RecordOutcome? outcome, string? receipt) => outcome switch
    {
        null => new()
        {
            ["done"] = $"noted for {(receipt is null ? "the register's next sale" : $"receipt {receipt}")}, for as long as its sales wait",
            ["outcome"] = "noted",
        },
        RecordOutcome.Issued issued => new()
        {
            ["done"] = $"invoice {issued.Invoice.Code} ({issued.Invoice.Series} {issued.Invoice.Number}) names the buyer",
            ["outcome"] = "issued",
            ["code"] = issued.Invoice.Code,
            ["series"] = issued.Invoice.Series,
            ["number"] = issued.Invoice.Number,
        },
        RecordOutcome.Held held => new() { ["done"] = $"the sale is held: {held.Reason}", ["outcome"] = "held", ["reason"] = held.Reason },
        RecordOutcome other => new() { ["done"] = $"the sale was not issued: {other}", ["outcome"] = "other" },
    };
}
