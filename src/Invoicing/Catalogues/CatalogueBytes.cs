using System.Globalization;
using System.Text;
using Invoicing.Amounts;
using Invoicing.Sales;

namespace Invoicing.Catalogues;

/// <summary>The one form of a version as bytes, both ways. Described at <see cref="ShopCatalogue.Bytes"/>.</summary>
internal static class CatalogueBytes
{
    private const string Head = "invoicing/catalogue/1";
    private const string DateForm = "yyyy-MM-dd";
    private const int Fields = 7;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The order of items: kind, key, first day.</summary>
    public static int Compare(CatalogueItem left, CatalogueItem right)
    {
        int order = left.Key.Kind.CompareTo(right.Key.Kind);
        order = order != 0 ? order : string.CompareOrdinal(left.Key.Value, right.Key.Value);
        return order != 0 ? order : left.ValidFrom.CompareTo(right.ValidFrom);
    }

    /// <summary>Writes items that have no fault, in their order.</summary>
    public static byte[] Write(IReadOnlyCollection<CatalogueItem> items)
    {
        StringBuilder text = new(Head, (items.Count * 64) + 32);
        text.Append('\n');
        foreach (CatalogueItem item in items)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(int)item.Key.Kind}\t{item.Key.Value}\t")
                .Append(item.ValidFrom.ToString(DateForm, CultureInfo.InvariantCulture)).Append('\t')
                .Append(item.Rate?.ToString()).Append('\t');
            if (item.Nature is { } nature)
            {
                text.Append((int)nature);
            }

            text.Append('\t').Append(item.Unit).Append('\t').Append(item.Name).Append('\n');
        }

        return Strict.GetBytes(text.ToString());
    }

    /// <summary>Reads items.</summary>
    /// <exception cref="FormatException">Other bytes.</exception>
    public static List<CatalogueItem> Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > ShopCatalogue.MaxBytes)
        {
            throw new FormatException($"expected at most {ShopCatalogue.MaxBytes} bytes, found {bytes.Length}");
        }

        string text = Strict.GetString(bytes);
        if (!text.StartsWith(Head + "\n", StringComparison.Ordinal) || text[^1] != '\n')
        {
            throw new FormatException($"expected a first line '{Head}' and a line feed at the end");
        }

        string[] lines = text[(Head.Length + 1)..].Split('\n');
        var items = new List<CatalogueItem>(lines.Length - 1);
        for (int i = 0; i < lines.Length - 1; i++)
        {
            string[] fields = lines[i].Split('\t');
            items.Add(fields.Length == Fields
                ? Read(fields)
                : throw new FormatException($"item {i + 1}: expected {Fields} fields, found {fields.Length}"));
        }

        return items;
    }

    private static CatalogueItem Read(string[] fields) => new()
    {
        Key = new((CatalogueKeyKind)Number(fields[0]), fields[1]),
        ValidFrom = DateOnly.ParseExact(fields[2], DateForm, CultureInfo.InvariantCulture),
        Rate = fields[3].Length == 0 ? null
            : RateText.TryParse(fields[3], out TaxRate rate) ? rate
            : throw new FormatException($"expected {RateText.Expected}, found '{fields[3]}'"),
        Nature = fields[4].Length == 0 ? null : (LineNature)Number(fields[4]),
        Unit = fields[5],
        Name = fields[6],
    };

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
