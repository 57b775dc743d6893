using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Signing;

namespace Invoicing.Chain;

/// <summary>An entry as one JSON object, the same in every program that prints entries.</summary>
/// <remarks>
/// The signed bytes stand in it whole (<c>body</c>, <c>signature</c>, <c>hash</c> in hexadecimal), so whoever reads it can check everything
/// without us; what follows them is for reading only. Amounts are whole đồng; quantities and prices are texts, exact to six decimals.
/// Fields of an invoice: <c>register</c>, <c>epoch</c> (16 hexadecimal digits), <c>sequence</c>, <c>record_hash</c>, <c>recovered</c>,
/// <c>code</c>, <c>series</c>, <c>number</c>, <c>issued_on</c>, <c>seller</c>, <c>total</c>, <c>taxes</c>, <c>lines</c>, <c>payments</c>.
/// Other entries that rest on a register's record have it in <c>record</c>; what a lease gave stands in <c>lease</c> (an invoice's number of
/// it, or the lease itself) or <c>leased</c> (what the receipt of a held sale bears).
/// </remarks>
public static class EntryJson
{
    /// <summary>Writer settings: one line, and Vietnamese as itself.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the fields of an entry into the object that the writer is in.</summary>
    /// <param name="writer">Between start and end of an object.</param>
    /// <param name="body">The signed bytes.</param>
    /// <param name="hash">Their hash.</param>
    /// <param name="signature">The signature.</param>
    /// <exception cref="InvoicingException">An invoice names values that none has.</exception>
    public static void WriteFields(Utf8JsonWriter writer, ReadOnlySpan<byte> body, in Sha256Hash hash, in EcdsaSignature signature)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteString("hash", hash.ToString());
        writer.WriteString("signature", signature.ToString());
        writer.WriteString("body", Convert.ToHexStringLower(body));
        if (EntryFields.Read(body, out EntryFields fields) is { } fault)
        {
            writer.WriteString("fault", fault);
            return;
        }

        writer.WriteString("chain", fields.Chain.ToString());
        writer.WriteNumber("position", fields.Position);
        writer.WriteString("kind", fields.Kind.ToString());
        writer.WriteString("recorded_at", Instant(fields.RecordedAt));
        WriteContent(writer, fields.Kind, fields.Content(body));
    }

    private static void WriteContent(Utf8JsonWriter writer, EntryKind kind, ReadOnlySpan<byte> content)
    {
        if (kind == EntryKind.Invoice)
        {
            writer.WriteStartObject("invoice");
            WriteInvoice(writer, InvoiceContents.Read(content));
            writer.WriteEndObject();
        }
        else if (kind == EntryKind.Correction)
        {
            WriteCorrection(writer, CorrectionContents.Read(content));
        }
        else if (kind == EntryKind.Lease)
        {
            WriteLease(writer, content);
        }
        else if (ContentFields.Read(kind, content, out ContentFields stated) is null && stated.Record is { } record)
        {
            writer.WriteStartObject("record");
            WriteRecord(writer, record.Key, record.Hash, record.IsRecovered);
            writer.WriteEndObject();
            if (stated.Leased is { } printed)
            {
                writer.WriteStartObject("leased");
                writer.WriteNumber("lease", printed.Lease);
                writer.WriteString("code", printed.Identity.Code.ToString());
                writer.WriteString("series", printed.Identity.Series.ToString());
                writer.WriteNumber("number", printed.Identity.Number);
                writer.WriteEndObject();
            }

            if (kind == EntryKind.DayClose)
            {
                WriteDayClose(writer, DayCloseContents.Read(content));
            }
        }
    }

    private static void WriteLease(Utf8JsonWriter writer, ReadOnlySpan<byte> content)
    {
        writer.WriteStartObject("lease");
        if (LeaseContents.Read(content, out RegisterLease? lease, out bool isBurned) is { } fault)
        {
            writer.WriteString("fault", fault);
        }
        else
        {
            writer.WriteNumber("lease", lease!.Id);
            writer.WriteString("register", lease.Register.Value);
            writer.WriteString("epoch", lease.Epoch.ToString("x16", CultureInfo.InvariantCulture));
            writer.WriteString("codes", lease.Codes.ToString());
            writer.WriteString("numbers", lease.Numbers.ToString());
            writer.WriteNumber("count", lease.Count);
            writer.WriteString("until", Instant(lease.Until.ToUnixTimeMilliseconds()));
            writer.WriteBoolean("burned", isBurned);
        }

        writer.WriteEndObject();
    }

    private static void WriteCorrection(Utf8JsonWriter writer, Correction correction)
    {
        writer.WriteStartObject("correction");
        writer.WriteString("type", correction.Type.ToString());
        writer.WriteString("reason", correction.Reason);
        writer.WriteString("corrected_code", correction.Corrected.Code.ToString());
        writer.WriteString("corrected_series", correction.Corrected.Series.ToString());
        writer.WriteNumber("corrected_number", correction.Corrected.Number);
        writer.WriteString("corrected_date", correction.Corrected.IssuedOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        if (correction.Corrected.EntryHash is { } hash)
        {
            writer.WriteString("corrected_hash", hash.ToString());
        }

        writer.WriteEndObject();
        if (correction.Invoice is { } invoice)
        {
            writer.WriteStartObject("invoice");
            WriteInvoice(writer, invoice);
            writer.WriteEndObject();
        }
    }

    private static void WriteDayClose(Utf8JsonWriter writer, DayClose close)
    {
        writer.WriteStartObject("day_close");
        writer.WriteString("date", close.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        writer.WriteNumber("first_sequence", close.FirstSequence);
        writer.WriteNumber("last_sequence", close.LastSequence);
        writer.WriteNumber("sales", close.Recorded.Sales);
        writer.WriteNumber("total", close.Recorded.Total.Dong);
        writer.WriteStartObject("parts");
        foreach (DayPartSum part in close.Recorded.Parts)
        {
            writer.WriteStartObject(part.Part.ToString());
            writer.WriteNumber("count", part.Count);
            writer.WriteNumber("total", part.Total.Dong);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartArray("differences");
        foreach (RuleFault difference in close.Stated is { } stated ? close.Recorded.DifferencesTo(stated) : [])
        {
            writer.WriteStringValue(difference.ToString());
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteInvoice(Utf8JsonWriter writer, Invoice invoice)
    {
        if (invoice.Catalogue is { } catalogue)
        {
            writer.WriteString("catalogue", catalogue.ToString());
        }

        if (invoice.Resolves is { } hole)
        {
            writer.WriteString("resolves", hole.ToString());
        }

        WriteRecord(writer, invoice.Sale.Key, invoice.Sale.RecordHash!.Value, invoice.IsRecovered);
        writer.WriteString("code", invoice.Code.ToString());
        writer.WriteString("series", invoice.Series.ToString());
        writer.WriteNumber("number", invoice.Number);
        if (invoice.Lease is { } lease)
        {
            writer.WriteNumber("lease", lease);
        }

        writer.WriteString("issued_on", invoice.IssuedOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        writer.WriteString("seller", invoice.SellerTaxCode.ToString());
        writer.WriteNumber("total", invoice.Total.Dong);
        writer.WriteStartArray("taxes");
        foreach (RateSum sum in invoice.Taxes.Sums)
        {
            writer.WriteStartObject();
            writer.WriteString("rate", sum.Rate.ToString());
            writer.WriteNumber("net", sum.Net.Dong);
            writer.WriteNumber("tax", sum.Tax.Dong);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("lines");
        foreach (SaleLine line in invoice.Sale.Lines)
        {
            WriteLine(writer, line);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("payments");
        foreach (Payment payment in invoice.Sale.Payments)
        {
            writer.WriteStartObject();
            writer.WriteString("means", payment.Means.ToString());
            writer.WriteNumber("amount", payment.Amount.Dong);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteLine(Utf8JsonWriter writer, SaleLine line)
    {
        writer.WriteStartObject();
        if (line.Code is { } code)
        {
            writer.WriteString("code", code);
        }

        writer.WriteString("name", line.Name);
        writer.WriteString("unit", line.Unit);
        writer.WriteString("quantity", Number(line.Quantity));
        writer.WriteString("unit_price", Number(line.UnitPrice));
        writer.WriteNumber("discount", line.Discount.Dong);
        writer.WriteString("rate", line.Rate?.ToString());
        writer.WriteNumber("amount", line.Amount.Dong);
        if (line.Nature != LineNature.Goods)
        {
            writer.WriteString("nature", line.Nature.ToString());
        }

        if (line.Special is { } special)
        {
            writer.WriteString("special", $"{special.Type} {special.Identity} {special.Engine}".TrimEnd());
        }

        writer.WriteEndObject();
    }

    private static void WriteRecord(Utf8JsonWriter writer, SaleKey key, in Sha256Hash hash, bool isRecovered)
    {
        writer.WriteString("register", key.Register.Value);
        writer.WriteString("epoch", key.Epoch.ToString("x16", CultureInfo.InvariantCulture));
        writer.WriteNumber("sequence", key.Sequence);
        writer.WriteString("record_hash", hash.ToString());
        writer.WriteBoolean("recovered", isRecovered);
    }

    private static string Number(decimal value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Instant(long milliseconds) =>
        milliseconds is >= -62_135_596_800_000 and <= 253_402_300_799_999
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)
            : milliseconds.ToString(CultureInfo.InvariantCulture); // a clock can say anything; it is shown as it is
}
