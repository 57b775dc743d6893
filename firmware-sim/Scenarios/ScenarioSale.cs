using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FirmwareSim.Bytes;
using FirmwareSim.Records;

namespace FirmwareSim.Scenarios;

/// <summary>A sale of the scenario files as a register rings it up: its words in TLK/1's bytes, nothing judged or completed.</summary>
/// <param name="name">The file's name without its ending.</param>
/// <param name="sale">The document's <c>sale</c>.</param>
internal sealed class ScenarioSale(string name, JsonElement sale)
{
    private const decimal Micro = 1_000_000m;
    private const int BlindLength = 16;
    private const int MostLines = 500;
    private const int MostPayments = 16;

    /// <summary>Texts of a line: key, tag, most bytes.</summary>
    private static readonly (string Key, byte Tag, int Most)[] LineTexts =
    [
        ("code", RecordTag.LineCode, 50), ("name", RecordTag.LineName, 500), ("unit", RecordTag.LineUnit, 50),
        ("department", RecordTag.LineDepartment, 20),
    ];

    /// <summary>Texts of a buyer, in the order of their tags.</summary>
    private static readonly (string Key, byte Tag, int Most)[] BuyerTexts =
    [
        ("name", 0x02, 1200), ("tax_code", 0x03, 20), ("address", 0x04, 1200), ("person", 0x05, 300), ("personal_id", 0x06, 20),
        ("passport", 0x07, 60),
        ("phone", 0x08, 60), ("email", 0x09, 150), ("budget_code", 0x0A, 21), ("customer_code", 0x0B, 150),
    ];

    public string Name => name;

    /// <summary>What is printed, in đồng.</summary>
    public long Total { get; } = sale.GetProperty("total").GetInt64();

    private static bool IncludesTax(JsonElement sale) =>
        !sale.TryGetProperty("prices_include_tax", out JsonElement includes) || includes.GetBoolean();

    /// <summary>Whether TLK/1 §4 has bytes for a sale.</summary>
    /// <remarks>What it cannot say would be held for its form, and not for the rule that the scenario is about.</remarks>
    public static bool Carries(JsonElement sale)
    {
        JsonElement[] lines = [.. List(sale, "lines")];
        return Fits(sale, "receipt", 32) && sale.TryGetProperty("receipt", out _) && sale.TryGetProperty("closed_at", out _)
            && Fits(sale, "cashier", 50)
            && lines.Length is > 0 and <= MostLines && lines.All(CarriesLine)
            && List(sale, "payments").Count() <= MostPayments && Number(sale, "receipt_discount") >= 0 && Number(sale, "total") >= 0
            && (!sale.TryGetProperty("buyer", out JsonElement buyer) || BuyerTexts.All(text => Fits(buyer, text.Key, text.Most)));
    }

    /// <summary>The record of this sale, closed now.</summary>
    /// <param name="closed">When the receipt was closed, with the local offset.</param>
    /// <param name="previousHash">Hash of the record before; empty for the first.</param>
    public byte[] Record(DateTimeOffset closed, ReadOnlySpan<byte> previousHash)
    {
        TlvWriter record = RecordBytes.StartSale(closed, previousHash, Text(sale, "receipt")!, Text(sale, "cashier"), IncludesTax(sale));
        ushort no = 0;
        foreach (JsonElement line in List(sale, "lines"))
        {
            no++;
            record.Group(RecordTag.Line, Line(no, line));
        }

        if (Number(sale, "receipt_discount") is > 0 and long discount)
        {
            record.Group(RecordTag.Discount, new TlvWriter().S64(RecordTag.DiscountAmount, discount));
        }

        foreach (JsonElement payment in List(sale, "payments"))
        {
            record.Group(RecordTag.Payment, new TlvWriter()
                .U8(RecordTag.PaymentMeans, (byte)Number(payment, "means"))
                .S64(RecordTag.PaymentAmount, Number(payment, "amount")));
        }

        foreach (ScenarioTaxes.Sum sum in ScenarioTaxes.Of([.. List(sale, "lines")], IncludesTax(sale)))
        {
            record.Group(RecordTag.TaxTotal, AddRate(new TlvWriter(), sum.Rate, RecordTag.TaxClass, RecordTag.TaxRate)
                .S64(RecordTag.TaxNet, sum.Net)
                .S64(RecordTag.TaxAmount, sum.Tax));
        }

        record.S64(RecordTag.Total, Total);
        if (sale.TryGetProperty("buyer", out JsonElement buyer))
        {
            record.Group(RecordTag.Buyer, Buyer(buyer));
        }

        return record.ToArray();
    }

    private static bool CarriesLine(JsonElement line)
    {
        long nature = line.TryGetProperty("nature", out JsonElement stated) ? stated.GetInt64() : 1;
        bool hasWords = line.TryGetProperty("name", out _)
            || line.TryGetProperty("code", out _) || line.TryGetProperty("department", out _);
        return hasWords && LineTexts.All(text => Fits(line, text.Key, text.Most))
            && IsMicro(line, "quantity") && IsMicro(line, "unit_price")
            && (Decimal(line, "quantity") != 0 || nature is 3 or 4) && Number(line, "discount") >= 0
            && line.TryGetProperty("special", out JsonElement special) == (nature == 5)
            && (nature != 5 || (Fits(special, "identity", 50) && Fits(special, "engine", 50)));
    }

    private static TlvWriter Line(ushort no, JsonElement line)
    {
        TlvWriter writer = new TlvWriter().U16(RecordTag.LineNo, no);
        foreach ((string key, byte tag, _) in LineTexts[..3])
        {
            writer.Text(tag, Text(line, key));
        }

        writer.S64(RecordTag.LineQuantity, (long)(Decimal(line, "quantity") * Micro));
        writer.S64(RecordTag.LinePrice, (long)(Decimal(line, "unit_price") * Micro));
        if (Number(line, "discount") is > 0 and long discount)
        {
            writer.S64(RecordTag.LineDiscount, discount);
        }

        if (Text(line, "rate") is { } rate)
        {
            AddRate(writer, rate, RecordTag.LineTaxClass, RecordTag.LineRate);
        }

        writer.S64(RecordTag.LineAmount, Number(line, "amount"));
        if (line.TryGetProperty("nature", out JsonElement nature))
        {
            writer.U8(RecordTag.LineNature, nature.GetByte());
        }

        writer.Text(RecordTag.LineDepartment, Text(line, "department"));
        return line.TryGetProperty("special", out JsonElement special)
            ? writer.Group(RecordTag.LineSpecial, new TlvWriter()
                .U8(RecordTag.SpecialKind, special.GetProperty("type").GetByte())
                .Text(RecordTag.SpecialIdentity, Text(special, "identity"))
                .Text(RecordTag.SpecialEngine, Text(special, "engine")))
            : writer;
    }

    private static TlvWriter AddRate(TlvWriter writer, string rate, byte classTag, byte rateTag)
    {
        const byte Other = 7;
        byte taxClass = rate switch { "0%" => 1, "5%" => 2, "8%" => 3, "10%" => 4, "KCT" => 5, "KKKNT" => 6, _ => Other };
        writer.U8(classTag, taxClass);
        return taxClass == Other ? writer.U16(rateTag, (ushort)ScenarioTaxes.Hundredths(rate)) : writer;
    }

    /// <summary>A real register draws the blind at random; here it follows from the name: the same files make the same bytes.</summary>
    private TlvWriter Buyer(JsonElement buyer)
    {
        byte[] blind = SHA256.HashData(Encoding.UTF8.GetBytes(name))[..BlindLength];
        TlvWriter writer = new TlvWriter().Bytes(RecordTag.BuyerBlind, blind);
        foreach ((string key, byte tag, _) in BuyerTexts)
        {
            writer.Text(tag, Text(buyer, key));
        }

        return writer;
    }

    private static JsonElement.ArrayEnumerator List(JsonElement json, string key) =>
        json.TryGetProperty(key, out JsonElement list) ? list.EnumerateArray() : default;

    private static string? Text(JsonElement json, string key) =>
        json.TryGetProperty(key, out JsonElement text) ? text.GetString() : null;

    private static long Number(JsonElement json, string key) =>
        json.TryGetProperty(key, out JsonElement number) ? number.GetInt64() : 0;

    /// <summary>A number, or a text where it has more digits than other readers of JSON keep.</summary>
    private static decimal Decimal(JsonElement json, string key) => json.GetProperty(key) is { ValueKind: JsonValueKind.String } text
        ? decimal.Parse(text.GetString()!, System.Globalization.CultureInfo.InvariantCulture)
        : json.GetProperty(key).GetDecimal();

    private static bool Fits(JsonElement json, string key, int most) =>
        Text(json, key) is not { } text
        || (Encoding.UTF8.GetByteCount(text) is int bytes && bytes > 0 && bytes <= most && !text.Any(char.IsControl));

    private static bool IsMicro(JsonElement json, string key) =>
        Decimal(json, key) * Micro is decimal micros && decimal.IsInteger(micros) && Math.Abs(micros) <= long.MaxValue;
}
