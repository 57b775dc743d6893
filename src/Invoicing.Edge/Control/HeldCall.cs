using System.Globalization;
using System.Text.Json.Nodes;
using Invoicing.Documents;
using Invoicing.Gateway;
using Invoicing.Registers.Tlk;
using Invoicing.Sales;
using Invoicing.Settings;

namespace Invoicing.Edge.Control;

/// <summary>Held sales, for the socket: what is held, and making invoices of it after all.</summary>
internal static class HeldCall
{
    /// <summary>What is held.</summary>
    public static JsonObject List(InvoicingGateway gateway) => new()
    {
        ["held"] = new JsonArray([.. gateway.ReadHeld().Select(held => new JsonObject
        {
            ["position"] = held.Position,
            ["register"] = held.Key.Register.Value,
            ["epoch"] = held.Key.Epoch.ToString("x16", CultureInfo.InvariantCulture),
            ["sequence"] = held.Key.Sequence,
            ["rule"] = held.Rule,
            ["reason"] = held.Reason,
        })]),
    };

    /// <summary>Judges a held sale again: by its own record, or by the sale that a person wrote.</summary>
    /// <exception cref="InvoicingException">It is not held, cannot be read, or still breaks a rule.</exception>
    public static async Task<JsonObject> ResolveAsync(InvoicingGateway gateway, long position, string sale, CancellationToken cancellationToken)
    {
        HeldRecord held = gateway.ReadHeld().FirstOrDefault(record => record.Position == position)
            ?? throw new InvoicingException($"expected the position of a held sale, found {position}: 'held list' names them");
        IssuedInvoice issued = await gateway.ResolveHeldAsync(position, Read(held, sale), cancellationToken);
        return new()
        {
            ["position"] = issued.Entry.Position,
            ["code"] = issued.Invoice.Code.ToString(),
            ["lookup"] = issued.Lookup,
            ["text"] = string.Create(
                CultureInfo.InvariantCulture, $"position {issued.Entry.Position}: {issued.Invoice.Code}, {issued.Invoice.Series} {issued.Invoice.Number}, {issued.Invoice.Total}"),
        };
    }

    private static Sale Read(HeldRecord held, string sale)
    {
        if (sale.Length > 0)
        {
            return SaleDocument.Read(JsonSettings.Parse(sale, "sale"), held.Key);
        }

        return TlkKeptRecord.Read(held.Key, held.Record) is { Sale: { } rung }
            ? rung
            : throw new InvoicingException($"the record of entry {held.Position} cannot be read as a sale: give the right one with --sale FILE");
    }
}
