using System.Globalization;
using System.Text;
using Invoicing.Amounts;
using Invoicing.Catalogues;
using Invoicing.Sales;

namespace Invoicing.Tests.Catalogues;

/// <summary>Items of catalogues for tests.</summary>
internal static class SomeItems
{
    public static readonly DateOnly Day = new(2026, 7, 1);

    /// <summary>Tests bring their own composition: what is under test is where it is called. Only the letters that they use.</summary>
    public static string Compose(string text) =>
        text.Replace("e\u0302", "ê", StringComparison.Ordinal).Replace("ê\u0301", "ế", StringComparison.Ordinal).Replace("a\u0300", "à", StringComparison.Ordinal);

    public static CatalogueItem Item(
        CatalogueKeyKind kind, string key, string name = "", TaxRate? rate = null, string unit = "", LineNature? nature = null, DateOnly? from = null) =>
        new() { Key = new(kind, key), Name = name, Rate = rate, Unit = unit, Nature = nature, ValidFrom = from ?? CatalogueItem.Always };

    public static ShopCatalogue Catalogue(params CatalogueItem[] items) => ShopCatalogue.Create(items, Compose);

    public static SaleLine Line(string? code = null, string name = "", string? department = null, TaxRate? rate = null) => new()
    {
        Code = code,
        Name = name,
        Department = department,
        Quantity = 1,
        UnitPrice = 10_000,
        Rate = rate,
        Amount = new(10_000),
    };

    public static Sale Sale(params SaleLine[] lines) => new()
    {
        Key = new(new("SIM-0001"), 1, 1),
        Lines = [.. lines],
        Total = new(10_000 * lines.Length),
    };

    /// <summary>Any item that a catalogue takes, with the characters that quoting is about.</summary>
    public static CatalogueItem Any(Random random)
    {
        var kind = (CatalogueKeyKind)random.Next(1, 5);
        TaxRate?[] rates = [null, TaxRate.Zero, TaxRate.Five, TaxRate.Eight, TaxRate.Ten, TaxRate.NotSubject, TaxRate.NotDeclared, TaxRate.Other(random.Next(10_000))];
        return Item(
            kind,
            Text(random, 1, CatalogueKey.MaxLength(kind)),
            Text(random, 1, 30),
            rates[random.Next(rates.Length)],
            Text(random, 0, 10),
            random.Next(3) == 0 ? (LineNature)random.Next(1, 6) : null,
            random.Next(2) == 0 ? null : Day.AddDays(random.Next(-400, 400)));
    }

    private static string Text(Random random, int least, int most)
    {
        const string Letters = "\",;'ab đếàÔ0123.%|\\";
        var text = new StringBuilder();
        int length = random.Next(least, Math.Min(most, 12) + 1);
        while (text.Length < length)
        {
            text.Append(random.Next(20) == 0 ? "🍜" : Letters[random.Next(Letters.Length)].ToString(CultureInfo.InvariantCulture));
        }

        string joined = string.Join(' ', text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return joined.Length == 0 && least > 0 ? "x" : joined;
    }
}
