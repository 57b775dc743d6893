using System.Globalization;
using System.Text.Json.Nodes;
using Invoicing.Documents;
using Invoicing.Edge.Captures;
using Invoicing.Edge.Hosting;
using Invoicing.Edge.Settings;
using Invoicing.Gateway;
using Invoicing.Registers.Datecs;
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
    public static async Task<JsonObject> ResolveAsync(EdgeHost host, long position, string sale, CancellationToken cancellationToken)
    {
        InvoicingGateway gateway = host.Gateway;
        HeldRecord held = gateway.ReadHeld().FirstOrDefault(record => record.Position == position)
            ?? throw new InvoicingException($"expected the position of a held sale, found {position}: 'held list' names them");
        IssuedInvoice issued = await gateway.ResolveHeldAsync(position, await ReadAsync(host, held, sale, cancellationToken), cancellationToken);
        return new()
        {
            ["position"] = issued.Entry.Position,
            ["code"] = issued.Invoice.Code.ToString(),
            ["lookup"] = issued.Lookup,
            ["text"] = string.Create(
                CultureInfo.InvariantCulture, $"position {issued.Entry.Position}: {issued.Invoice.Code}, {issued.Invoice.Series} {issued.Invoice.Number}, {issued.Invoice.Total}"),
        };
    }

    /// <summary>The sale that a person wrote, or what the record says under today's settings, as far as its protocol can be read again.</summary>
    private static async Task<Sale> ReadAsync(EdgeHost host, HeldRecord held, string sale, CancellationToken cancellationToken)
    {
        if (sale.Length > 0)
        {
            return SaleDocument.Read(JsonSettings.Parse(sale, "sale"), held.Key);
        }

        if (CapturedTill.All(host.RegisterLines.Select(line => line.Settings.Protocol)).FirstOrDefault(till => till.Register == held.Key.Register) is { } captured)
        {
            return await HeldCapture.ReadAsync(host, captured, held, cancellationToken);
        }

        ProtocolSettings[] spoken = ProtocolsOf(host, held.Key.Register);
        RegisterRecord? kept = null;
        foreach (ProtocolSettings protocol in spoken)
        {
            kept = ReadKept(protocol, held) ?? kept;
            if (kept is { Kind: RecordKind.Sale, Sale: { } rung })
            {
                return rung;
            }
        }

        throw new InvoicingException(Unread(held, kept, spoken));
    }

    private static RegisterRecord? ReadKept(ProtocolSettings protocol, HeldRecord held) => protocol switch
    {
        ProtocolSettings.Datecs datecs => DatecsKeptRecord.Read(held.Key, held.Record, datecs.Options),
        ProtocolSettings.Tlk => TlkKeptRecord.Read(held.Key, held.Record),
        _ => null,
    };

    /// <summary>
    /// What the register speaks: by the line that names it or that it is on now; of one that is switched off, what the lines speak that name none, or
    /// TLK/1. A record shows by what protocol it came, so that the wrong ones of these read nothing.
    /// </summary>
    private static ProtocolSettings[] ProtocolsOf(EdgeHost host, RegisterId register)
    {
        ProtocolSettings? own = host.RegisterLines
            .FirstOrDefault(line => line.Settings.Protocol.Register == register || line.Settings.NewRegister == register || line.Status.Register == register)?.Settings.Protocol;
        return own is not null ? [own] : [.. host.RegisterLines.Select(line => line.Settings.Protocol).Where(protocol => protocol.Register is null), new ProtocolSettings.Tlk(new())];
    }

    /// <summary>Why a record is not read again, and what to do instead.</summary>
    private static string Unread(HeldRecord held, RegisterRecord? kept, ProtocolSettings[] spoken)
    {
        string why = (held.Record.IsEmpty, spoken, kept) switch
        {
            (true, _, _) => "was kept without bytes, so it cannot be judged again",
            (_, [ProtocolSettings.Eutron], _) => "is one of a register that speaks eutron, whose articles may have other names by now, so it is not judged again by itself",
            (_, _, { Unreadable: { } wrong }) => $"still cannot be read as a sale ({wrong})",
            _ => "cannot be read as a sale",
        };
        return $"the record of entry {held.Position} ({held.Key.Register}, sequence {held.Key.Sequence}) {why}: give the right one with --sale FILE";
    }
}
