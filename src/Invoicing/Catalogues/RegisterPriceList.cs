using Invoicing.Amounts;

namespace Invoicing.Catalogues;

/// <summary>Makes a catalogue of a register's own price list.</summary>
public static class RegisterPriceList
{
    /// <summary>Reads a price list; all faults at once, with the record's place in the list as their line.</summary>
    /// <remarks>
    /// An article is an item for its number and, where it has one, another for its bar code. What a register's tax classes mean the
    /// register
    /// does not say: whoever set it up does.
    /// </remarks>
    /// <param name="goods">The list.</param>
    /// <param name="rates">The rate of each of the register's tax classes.</param>
    /// <param name="validFrom">First day that the list counts for; <see langword="null"/>: it always did.</param>
    /// <param name="compose">Puts Vietnamese text into composed form (NFC).</param>
    public static CatalogueReading Read(
        IReadOnlyList<RegisterGoods> goods, IReadOnlyDictionary<string, TaxRate> rates, DateOnly? validFrom, Func<string, string> compose)
    {
        ArgumentNullException.ThrowIfNull(goods);
        ArgumentNullException.ThrowIfNull(rates);
        ArgumentNullException.ThrowIfNull(compose);
        var faults = new ReadingFaults();
        var items = new CatalogueAssembly(faults, compose);
        for (int i = 0; i < goods.Count && !faults.IsFull; i++)
        {
            Take(goods[i], i + 1, rates, validFrom ?? CatalogueItem.Always, items, faults);
        }

        return items.Read([]);
    }

    private static void Take(
        RegisterGoods article,
        int line,
        IReadOnlyDictionary<string, TaxRate> rates,
        DateOnly from,
        CatalogueAssembly items,
        ReadingFaults faults)
    {
        TaxRate? rate = null;
        if (article.TaxClass.Length > 0)
        {
            if (!rates.TryGetValue(article.TaxClass, out TaxRate stated))
            {
                string known = rates.Count == 0 ? "none" : string.Join(", ", rates.Keys.Order(StringComparer.Ordinal));
                faults.Add(
                    line, "tax class", $"one of the register's tax classes that were given a rate ({known})", CatalogueText.Show(article.TaxClass));
                return;
            }

            rate = stated;
        }

        if (string.IsNullOrWhiteSpace(article.Number))
        {
            faults.Add(line, "number", "the article's number", "none");
            return;
        }

        items.Add(line, Item(CatalogueKeyKind.Plu, article.Number), part => part == "key" ? "number" : part);
        if (!string.IsNullOrWhiteSpace(article.BarCode))
        {
            items.Add(line, Item(CatalogueKeyKind.BarCode, article.BarCode), part => part == "key" ? "bar code" : part);
        }

        CatalogueItem Item(CatalogueKeyKind kind, string key) =>
            new() { Key = new(kind, key), Name = article.Name, Rate = rate, ValidFrom = from };
    }
}
