using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Invoicing.Chain;
using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Gateway.Journal;

/// <summary>Streams a journal's entries in constant memory, also while a gateway writes it.</summary>
public static class JournalExport
{
    /// <summary>Names the form of the lines; a change of it gets another number.</summary>
    public const string Format = "invoicing/journal-export/1";

    private const int PageSize = 256;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads entries in their order, up to the head at the start. Verifies nothing.</summary>
    /// <param name="journalPath">The journal.</param>
    /// <param name="after">Last position that is known; 0 for all.</param>
    /// <exception cref="InvoicingException">Not there, or no journal of this format.</exception>
    public static IEnumerable<SignedEntry> Read(string journalPath, long after = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(journalPath);
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        return ReadCore(journalPath, after);
    }

    /// <summary>Writes a journal as JSON lines.</summary>
    /// <remarks>
    /// The first line names form, chain and enrolment, and holds the newest verified watermark as it was signed. Then one line for each entry:
    /// position, kind, hash and signature (hexadecimal), body (base64, exactly as signed), time, and what can be read of it.
    /// </remarks>
    /// <param name="journalPath">The journal.</param>
    /// <param name="destination">Where to; not closed.</param>
    /// <param name="from">First position wanted.</param>
    /// <param name="cancellationToken">Ends it between two pages.</param>
    /// <returns>Entries written.</returns>
    /// <exception cref="InvoicingException">Not there, or no journal of this format.</exception>
    public static async Task<long> WriteAsync(
        string journalPath, Stream destination, long from = 1, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(journalPath);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        using var page = new MemoryStream();
        using var writer = new Utf8JsonWriter(page, Options);
        using var reader = JournalReader.Open(journalPath);
        JournalState state = reader.ReadState();
        WriteHeader(writer, state);
        EndLine(writer, page);
        long last = from - 1;
        while (last < state.Head.Position)
        {
            foreach (SignedEntry entry in reader.ReadPage(last, (int)Math.Min(PageSize, state.Head.Position - last)))
            {
                WriteEntry(writer, entry);
                EndLine(writer, page);
                last = entry.Position;
            }

            await FlushAsync(page, destination, cancellationToken).ConfigureAwait(false);
        }

        await FlushAsync(page, destination, cancellationToken).ConfigureAwait(false);
        return last - (from - 1);
    }

    private static IEnumerable<SignedEntry> ReadCore(string path, long after)
    {
        using var reader = JournalReader.Open(path);
        long head = reader.ReadHead();
        while (after < head)
        {
            foreach (SignedEntry entry in reader.ReadPage(after, (int)Math.Min(PageSize, head - after)))
            {
                yield return entry;
                after = entry.Position;
            }
        }
    }

    private static void WriteHeader(Utf8JsonWriter writer, JournalState state)
    {
        writer.WriteStartObject();
        writer.WriteString("format", Format);
        writer.WriteString("chain", state.Chain.ToString());
        writer.WriteString("device", state.Enrolment.Device);
        writer.WriteString("seller", state.Enrolment.Seller.TaxCode.ToString());
        writer.WriteNumber("head", state.Head.Position);
        writer.WriteBase64String("enrolment", state.Enrolment.Bytes.Span);
        if (state.Uplink.Statement is { } statement)
        {
            writer.WriteStartObject("watermark");
            writer.WriteNumber("position", state.Uplink.Checkpoint);
            writer.WriteBase64String("root", statement.Root.Span);
            writer.WriteString("signature", statement.Signature.ToString());
            writer.WriteBase64String("leaf", statement.Leaf.Span);
            writer.WriteNumber("leaf_number", statement.LeafNumber);
            writer.WriteBase64String("path", statement.Path.Span);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter writer, SignedEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteNumber("position", entry.Position);
        writer.WriteString("kind", JsonNamingPolicy.SnakeCaseLower.ConvertName(entry.Kind.ToString()));
        writer.WriteString("hash", entry.Hash.ToString());
        writer.WriteString("signature", entry.Signature.ToString());
        writer.WriteBase64String("body", entry.Body.Span);
        if (EntryFields.Read(entry.Body.Span, out EntryFields fields) is { } fault)
        {
            writer.WriteString("fault", fault);
        }
        else
        {
            WriteReadable(writer, entry, fields);
        }

        writer.WriteEndObject();
    }

    private static void WriteReadable(Utf8JsonWriter writer, SignedEntry entry, in EntryFields fields)
    {
        writer.WriteString("recorded_at", Time(DateTimeOffset.FromUnixTimeMilliseconds(fields.RecordedAt)));
        if (!fields.IsKnownFormat
            || ContentFields.Read(fields.Kind, fields.Content(entry.Body.Span), out ContentFields content) is not null)
        {
            return;
        }

        if (content.Record is { } record)
        {
            writer.WriteString("register", record.Key.Register.Value);
            writer.WriteString("epoch", record.Key.Epoch.ToString("x16", CultureInfo.InvariantCulture));
            writer.WriteNumber("sequence", record.Key.Sequence);
            writer.WriteString("record_hash", record.Hash.ToString());
            writer.WriteBoolean("recovered", record.IsRecovered);
        }

        if (fields.Kind == EntryKind.Invoice)
        {
            WriteInvoice(writer, InvoiceContents.Read(fields.Content(entry.Body.Span)));
        }
    }

    private static void WriteInvoice(Utf8JsonWriter writer, Invoice invoice)
    {
        writer.WriteStartObject("invoice");
        writer.WriteString("code", invoice.Code.ToString());
        writer.WriteString("series", invoice.Series.ToString());
        writer.WriteNumber("number", invoice.Number);
        writer.WriteNumber("kind", (int)invoice.Kind);
        writer.WriteString("issued_on", invoice.IssuedOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        writer.WriteString("date_source", invoice.DateSource == DateSource.Register ? "register" : "device");
        writer.WriteString("seller", invoice.SellerTaxCode.ToString());
        writer.WriteStartArray("lines");
        foreach (SaleLine line in invoice.Sale.Lines)
        {
            writer.WriteStartObject();
            writer.WriteString("name", line.Name);
            writer.WriteString("unit", line.Unit);
            writer.WriteNumber("quantity", line.Quantity);
            writer.WriteNumber("unit_price", line.UnitPrice);
            writer.WriteString("rate", line.Rate.ToString());
            writer.WriteNumber("amount", line.Amount.Dong);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
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
        writer.WriteNumber("total", invoice.Total.Dong);
        writer.WriteEndObject();
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static void EndLine(Utf8JsonWriter writer, MemoryStream page)
    {
        writer.Flush();
        writer.Reset();
        page.WriteByte((byte)'\n');
    }

    private static async Task FlushAsync(MemoryStream page, Stream destination, CancellationToken cancellationToken)
    {
        await destination.WriteAsync(page.GetBuffer().AsMemory(0, (int)page.Length), cancellationToken).ConfigureAwait(false);
        page.SetLength(0);
    }
}
