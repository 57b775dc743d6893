using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Invoicing.Chain;
using Invoicing.Documents;
using Invoicing.Edge.Control;
using Invoicing.Gateway;
using Invoicing.Gateway.Journal;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Settings;

namespace Invoicing.Edge.Api;

/// <summary>Sales over HTTP: the contract of <see cref="InvoicingGateway.IssueAsync"/>, answer for answer.</summary>
/// <remarks>
/// A caller that lost an answer sends the same document again, or asks by key; both give the original. What is answered 200 or 202 is on
/// the disk. 409 <c>conflict</c>: the same key came with other content. 409 <c>out-of-order</c> and 503: nothing was recorded.
/// </remarks>
internal static class SalesEndpoint
{
    /// <summary>Most bytes of a sale: 500 lines with long names.</summary>
    public const int MaxBytes = 512 * 1024;

    /// <summary>Seconds after which a caller tries again when recording waits.</summary>
    private const string RetryAfter = "2";

    /// <summary><c>POST /v1/sales</c>.</summary>
    public static async Task IssueAsync(HttpContext context, InvoicingGateway gateway)
    {
        if (await ControlAnswer.ReadAsync(context, MaxBytes) is not { } body)
        {
            await Problem.WriteAsync(
                context, StatusCodes.Status413PayloadTooLarge, "too-large", $"expected at most {MaxBytes} bytes, found more: split the sale into two receipts");
            return;
        }

        try
        {
            Sale sale = Read(body);
            IssuedInvoice issued = await gateway.IssueAsync(sale, context.RequestAborted);
            await ControlAnswer.WriteAsync(context, Issued(sale.Key, issued.Invoice, issued.Entry, issued.Lookup));
        }
        catch (SettingsException fault)
        {
            await Problem.WriteAsync(context, StatusCodes.Status400BadRequest, "malformed", fault.Message);
        }
        catch (ArgumentException fault)
        {
            await Problem.WriteAsync(context, StatusCodes.Status400BadRequest, "malformed", fault.Message);
        }
        catch (SaleHeldException held)
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            await ControlAnswer.WriteAsync(context, Held(held.Key, held.Reason));
        }
        catch (SaleConflictException fault)
        {
            await Problem.WriteAsync(
                context, StatusCodes.Status409Conflict, "conflict", fault.Message, new() { ["first_hash"] = fault.First.ToString() });
        }
        catch (SaleOutOfOrderException fault)
        {
            await Problem.WriteAsync(
                context, StatusCodes.Status409Conflict, "out-of-order", fault.Message, new() { ["expected"] = fault.Expected });
        }
        catch (NotRecordedException fault)
        {
            context.Response.Headers.RetryAfter = RetryAfter;
            await Problem.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "not-recorded", fault.Message);
        }
        catch (JournalFailedException fault)
        {
            // Nothing is known of this sale; the service ends, is started again, and the same call then gives the outcome.
            context.Response.Headers.RetryAfter = RetryAfter;
            await Problem.WriteAsync(context, StatusCodes.Status500InternalServerError, "journal-failed", fault.Message);
        }
    }

    /// <summary><c>GET /v1/sales/{register}/{epoch}/{sequence}</c>.</summary>
    public static Task FindAsync(HttpContext context, InvoicingGateway gateway)
    {
        string text = context.Request.RouteValues["key"] as string ?? string.Empty;
        if (!TryReadKey(text, out SaleKey key))
        {
            return Problem.WriteAsync(
                context, StatusCodes.Status400BadRequest, "malformed", $"expected REGISTER/EPOCH/SEQUENCE with an epoch of 1 to 16 hexadecimal digits, found '{text}'");
        }

        if (gateway.Find(key) is not { } found)
        {
            return Problem.WriteAsync(
                context, StatusCodes.Status404NotFound, "unknown", $"nothing is recorded under {key}: the sale may be handed over, and is not a repetition");
        }

        return ControlAnswer.WriteAsync(
            context,
            found.Invoice is { } invoice ? Issued(key, invoice, found.Entry, found.Lookup)
            : found.HeldBecause is { } reason ? Held(key, reason)
            : Outcome(key, "recorded"));
    }

    private static Sale Read(byte[] body)
    {
        var json = JsonSettings.Parse(Encoding.UTF8.GetString(body), "sale");
        string register = json.Text("register");
        if (!RegisterId.IsValid(register))
        {
            throw json.Fault("register", $"1 to {RegisterId.MaxLength} printable ASCII characters without blanks", $"'{register}'");
        }

        string epoch = json.Text("epoch");
        if (!TryReadEpoch(epoch, out ulong life))
        {
            throw json.Fault("epoch", "1 to 16 hexadecimal digits, not 0: drawn at random when the program's own counter was made", $"'{epoch}'");
        }

        long sequence = json.Number("sequence", 1, EntryFields.MaxPosition, 0);
        return sequence > 0
            ? SaleDocument.Read(json, new(new(register), life, (ulong)sequence))
            : throw json.Fault("sequence", "a whole number from 1, one more with each sale", "nothing");
    }

    private static bool TryReadKey(string text, out SaleKey key)
    {
        // A serial may hold slashes; epoch and sequence cannot.
        key = default;
        int last = text.LastIndexOf('/');
        int middle = last > 0 ? text.LastIndexOf('/', last - 1) : -1;
        if (middle <= 0 || !RegisterId.IsValid(text[..middle]) || !TryReadEpoch(text[(middle + 1)..last], out ulong epoch)
            || !ulong.TryParse(text[(last + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ulong sequence)
            || sequence is 0 or > EntryFields.MaxPosition)
        {
            return false;
        }

        key = new(new(text[..middle]), epoch, sequence);
        return true;
    }

    private static bool TryReadEpoch(string text, out ulong epoch) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out epoch) && epoch != 0;

    private static JsonObject Outcome(in SaleKey key, string outcome) => new()
    {
        ["outcome"] = outcome,
        ["register"] = key.Register.Value,
        ["epoch"] = key.Epoch.ToString("x16", CultureInfo.InvariantCulture),
        ["sequence"] = key.Sequence,
    };

    private static JsonObject Issued(in SaleKey key, Invoice invoice, SignedEntry entry, string lookup)
    {
        JsonObject json = Outcome(key, "issued");
        json["code"] = invoice.Code.ToString();
        json["series"] = invoice.Series.ToString();
        json["number"] = invoice.Number;
        json["date"] = invoice.IssuedOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        json["total"] = invoice.Total.Dong;
        json["lookup"] = lookup;
        json["position"] = entry.Position;
        json["hash"] = entry.Hash.ToString();
        return json;
    }

    private static JsonObject Held(in SaleKey key, string reason)
    {
        JsonObject json = Outcome(key, "held");
        json["reason"] = reason;
        return json;
    }
}
