using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Invoicing.Sales;

namespace Invoicing.Gateway.Recording;

/// <summary>A sale's content as bytes, for callers that have no record bytes of their own: what is hashed, and kept if the sale is held.</summary>
/// <remarks>
/// JSON with keys in a fixed order and numbers without trailing zeros, so that the same sale gives the same bytes whenever it is issued
/// again. A change of this form would turn resends into conflicts: it never changes, new members are added at the end and left out when
/// absent. The buyer is not part of it: this hash stands in the chain without a salt, and a tax code or telephone number could be found by
/// trying. So a sale that comes again with another buyer is the same sale, and keeps the buyer that it was issued to.
/// </remarks>
internal static class SaleContent
{
    /// <summary>Most bytes: five hundred lines with the longest names are about 400 KiB.</summary>
    public const int MaxLength = 512 * 1024;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a sale.</summary>
    /// <exception cref="ArgumentException">It is longer than <see cref="MaxLength"/>, or a text is missing.</exception>
    public static byte[] Of(Sale sale)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            Write(writer, sale);
        }

        return buffer.WrittenCount <= MaxLength
            ? buffer.WrittenSpan.ToArray()
            : throw new ArgumentException($"expected a sale of at most {MaxLength} bytes, found {buffer.WrittenCount}", nameof(sale));
    }

    private static void Write(Utf8JsonWriter writer, Sale sale)
    {
        writer.WriteStartObject();
        writer.WriteString("register", sale.Key.Register.Value);
        writer.WriteString("epoch", sale.Key.Epoch.ToString("x16", CultureInfo.InvariantCulture));
        writer.WriteNumber("sequence", sale.Key.Sequence);
        WriteText(writer, "receipt", sale.ReceiptNumber);
        if (sale.ClosedAt is { } closedAt)
        {
            writer.WriteString("closed_at", closedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture));
        }

        writer.WriteNumber("clock", (int)sale.Clock);
        WriteText(writer, "cashier", sale.Cashier);
        writer.WriteBoolean("prices_include_tax", sale.PricesIncludeTax);
        writer.WriteStartArray("lines");
        foreach (SaleLine line in sale.Lines)
        {
            Write(writer, line);
        }

        writer.WriteEndArray();
        writer.WriteNumber("discount", sale.ReceiptDiscount.Dong);
        writer.WriteStartArray("payments");
        foreach (Payment payment in sale.Payments)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue((int)payment.Means);
            writer.WriteNumberValue(payment.Amount.Dong);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteNumber("total", sale.Total.Dong);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, SaleLine line)
    {
        if (line?.Name is null || line.Unit is null)
        {
            throw new ArgumentException("expected a name and a unit, which may be empty, in every line, found null", nameof(line));
        }

        writer.WriteStartObject();
        WriteText(writer, "code", line.Code);
        writer.WriteString("name", line.Name);
        writer.WriteString("unit", line.Unit);
        writer.WriteNumber("quantity", Plain(line.Quantity));
        writer.WriteNumber("price", Plain(line.UnitPrice));
        writer.WriteNumber("discount", line.Discount.Dong);
        if (line.Rate is { } rate)
        {
            writer.WriteNumber("rate_kind", (int)rate.Kind);
            writer.WriteNumber("rate", rate.Hundredths);
        }

        writer.WriteNumber("amount", line.Amount.Dong);
        if (line.Nature != LineNature.Goods)
        {
            writer.WriteNumber("nature", (int)line.Nature);
        }

        if (line.Special is { } special)
        {
            writer.WriteNumber("special", (int)special.Type);
            writer.WriteString("identity", special.Identity);
            writer.WriteString("engine", special.Engine);
        }

        WriteText(writer, "department", line.Department);
        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    /// <summary>The same number without trailing zeros: 1.0 and 1.00 are one quantity.</summary>
    private static decimal Plain(decimal value) => value / 1.000000000000000000000000000000m;
}
