using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Invoicing.Amounts;
using Invoicing.Sales;

namespace Invoicing.Catalogues;

/// <summary>Lists of goods as CSV files, as shops keep them in a spreadsheet. Pure; both ways.</summary>
/// <remarks>
/// UTF-8, with or without a byte order mark; fields quoted as in RFC 4180; the separator (<c>;</c>, <c>,</c> or tab) is found from
/// the header.
/// Columns by their header, in any order: PLU (<c>plu</c>, <c>mã hàng</c>), bar code (<c>barcode</c>, <c>mã vạch</c>), department
/// (<c>department</c>, <c>nhóm hàng</c>, <c>quầy</c>), words on the receipt (<c>words</c>, <c>tên in</c>), name (<c>name</c>, <c>tên
/// hàng</c>), unit
/// (<c>unit</c>, <c>đvt</c>), rate (<c>rate</c>, <c>thuế suất</c>), nature (<c>nature</c>, <c>tính chất</c>: 1 to 5), first day
/// (<c>valid from</c>, <c>từ ngày</c>: <c>2026-07-01</c> or <c>01/07/2026</c>). A row makes an item for each key that it has; one
/// that has none is found by its
/// name. Other columns are ignored and named.
/// </remarks>
public static class CatalogueCsv
{
    private static readonly ImmutableArray<string> Header =
        ["plu", "barcode", "department", "words", "name", "unit", "rate", "nature", "valid from"];
    private static readonly SearchValues<char> Quoted = SearchValues.Create("\"\r\n\t,;");
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a list; all faults at once.</summary>
    /// <param name="bytes">The file, at most <see cref="ShopCatalogue.MaxBytes"/> bytes.</param>
    /// <param name="compose">Puts Vietnamese text into composed form (NFC).</param>
    public static CatalogueReading Read(ReadOnlySpan<byte> bytes, Func<string, string> compose)
    {
        ArgumentNullException.ThrowIfNull(compose);
        var faults = new ReadingFaults();
        if (bytes.Length > ShopCatalogue.MaxBytes)
        {
            faults.Add(0, string.Empty, $"a file of at most {ShopCatalogue.MaxBytes} bytes", $"{bytes.Length}");
            return new(null, faults.ToImmutable(), []);
        }

        string text;
        try
        {
            text = Strict.GetString(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes);
        }
        catch (DecoderFallbackException fault)
        {
            faults.Add(0, string.Empty, "UTF-8; in a spreadsheet, save as 'CSV UTF-8'", fault.Message);
            return new(null, faults.ToImmutable(), []);
        }

        return new CatalogueCsvRows(new(text, faults), faults, compose).Read();
    }

    /// <summary>Writes items as a list that <see cref="Read"/> reads back: one row for each item, no byte order mark.</summary>
    /// <param name="items">The items.</param>
    /// <param name="separator"><c>;</c>, <c>,</c> or tab.</param>
    public static string Write(IEnumerable<CatalogueItem> items, char separator = ';')
    {
        ArgumentNullException.ThrowIfNull(items);
        var text = new StringBuilder();
        AddRow(text, Header, separator);
        foreach (CatalogueItem item in items)
        {
            AddRow(text, [.. Fields(item)], separator);
        }

        return text.ToString();
    }

    private static IEnumerable<string> Fields(CatalogueItem item)
    {
        yield return Key(CatalogueKeyKind.Plu);
        yield return Key(CatalogueKeyKind.BarCode);
        yield return Key(CatalogueKeyKind.Department);
        yield return Key(CatalogueKeyKind.Words);
        yield return item.Name;
        yield return item.Unit;
        yield return item.Rate is TaxRate rate ? rate.ToString() : string.Empty;
        yield return item.Nature is LineNature nature ? ((int)nature).ToString(CultureInfo.InvariantCulture) : string.Empty;
        yield return item.ValidFrom == CatalogueItem.Always
            ? string.Empty
            : item.ValidFrom.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        string Key(CatalogueKeyKind kind) => item.Key.Kind == kind ? item.Key.Value : string.Empty;
    }

    private static void AddRow(StringBuilder text, ImmutableArray<string> fields, char separator)
    {
        for (int i = 0; i < fields.Length; i++)
        {
            string field = fields[i];
            _ = i == 0 ? text : text.Append(separator);
            _ = field.AsSpan().IndexOfAny(Quoted) < 0 && field.Trim().Length == field.Length
                ? text.Append(field)
                : text.Append('"').Append(field.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }

        text.Append("\r\n");
    }
}
