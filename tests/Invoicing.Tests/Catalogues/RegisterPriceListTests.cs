using Invoicing.Amounts;
using Invoicing.Catalogues;
using static Invoicing.Tests.Catalogues.SomeItems;

namespace Invoicing.Tests.Catalogues;

public sealed class RegisterPriceListTests
{
    private static readonly Dictionary<string, TaxRate> Rates = new(StringComparer.Ordinal) { ["A"] = TaxRate.Eight, ["B"] = TaxRate.NotSubject };

    [Fact]
    public void Articles_become_items_for_number_and_bar_code()
    {
        RegisterGoods[] goods =
        [
            new() { Number = "1", Name = "Cà phê", TaxClass = "A", BarCode = "8930000000017", Department = "3", Price = new(29_000) },
            new() { Number = "2", Name = "Cam", TaxClass = "B" },
            new() { Number = "3", Name = "Khác" },
        ];

        CatalogueReading reading = RegisterPriceList.Read(goods, Rates, Day, Compose);

        Assert.Equal(Catalogue(
            Item(CatalogueKeyKind.Plu, "1", "Cà phê", TaxRate.Eight, from: Day),
            Item(CatalogueKeyKind.BarCode, "8930000000017", "Cà phê", TaxRate.Eight, from: Day),
            Item(CatalogueKeyKind.Plu, "2", "Cam", TaxRate.NotSubject, from: Day),
            Item(CatalogueKeyKind.Plu, "3", "Khác", from: Day)).Hash, reading.Catalogue!.Hash);
    }

    [Fact]
    public void Every_article_at_fault_is_told_by_its_place()
    {
        RegisterGoods[] goods =
        [
            new() { Number = "1", Name = "a", TaxClass = "Z" }, new() { Number = " ", Name = "b" }, new() { Number = "3", Name = "c" },
            new() { Number = "3", Name = "d" }, new() { Number = "5", Name = "e\u0001" },
        ];

        CatalogueReading reading = RegisterPriceList.Read(goods, Rates, null, Compose);

        Assert.Equal(
            [
                "line 1, column 'tax class': expected one of the register's tax classes that were given a rate (A, B), found 'Z'",
                "line 2, column 'number': expected the article's number, found none",
                "line 4, column 'number': expected one item for PLU 3 from each first day on, found another than in line 3",
                "line 5, column 'name': expected text without control characters and without halves of characters, found 'e\\u0001'",
            ],
            reading.Faults.Select(fault => fault.ToString()));
    }
}
