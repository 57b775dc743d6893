using System.Text;
using Invoicing.Amounts;
using Invoicing.Catalogues;
using Invoicing.Hashing;
using Invoicing.Sales;
using Invoicing.Testing;
using static Invoicing.Tests.Catalogues.SomeItems;

namespace Invoicing.Tests.Catalogues;

public sealed class ShopCatalogueTests
{
    [Fact]
    public void The_bytes_are_the_documented_ones_and_the_hash_is_theirs()
    {
        ShopCatalogue catalogue = Catalogue(
            Item(CatalogueKeyKind.Words, "Bánh  mì ", "Bánh mì", TaxRate.Eight, "ổ"),
            Item(CatalogueKeyKind.Plu, "7", "Phụ thu", TaxRate.Other(526), nature: LineNature.Goods, from: new(2026, 7, 1)),
            Item(CatalogueKeyKind.Department, "3", rate: TaxRate.NotSubject));

        const string Expected =
            "invoicing/catalogue/1\n1\t7\t2026-07-01\tKHAC:05.26%\t1\t\tPhụ thu\n3\t3\t0001-01-01\tKCT\t\t\t\n4\tBánh mì\t0001-01-01\t8%\t\tổ\tBánh mì\n";
        Assert.Equal(Expected, Encoding.UTF8.GetString(catalogue.Bytes.Span));
        Assert.Equal(Sha256Hash.Of(Encoding.UTF8.GetBytes(Expected)), catalogue.Hash);
    }

    [Fact]
    public void The_order_of_items_their_blanks_and_their_composition_change_nothing()
    {
        CatalogueItem tea = Item(CatalogueKeyKind.Words, "Trà đá", "Trà đá", TaxRate.Eight, "ly");
        CatalogueItem bread = Item(CatalogueKeyKind.Plu, "8", "Bánh bế", TaxRate.Five);

        Assert.Equal(
            Catalogue(tea, bread).Hash,
            Catalogue(bread with { Name = " Bánh  be\u0302\u0301" }, tea with { Key = new(CatalogueKeyKind.Words, "Tra\u0300\u00A0 đá ") }).Hash);
        Assert.NotEqual(Catalogue(tea, bread).Hash, Catalogue(tea, bread with { Rate = TaxRate.Eight }).Hash);
    }

    [Fact]
    public void Every_catalogue_is_read_back_from_its_bytes() => Seeded.Run(300, random =>
    {
        CatalogueItem[] items = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => Any(random)).DistinctBy(item => (item.Key, item.ValidFrom))];
        ShopCatalogue made = Catalogue(items);

        var read = ShopCatalogue.Read(made.Bytes.Span, Compose);

        Assert.Equal(made.Hash, read.Hash);
        Assert.Equal(made.Items.AsEnumerable(), read.Items);
    });

    [Theory]
    [InlineData("")]
    [InlineData("invoicing/catalogue/1")]
    [InlineData("invoicing/catalogue/2\n1\t7\t0001-01-01\t8%\t\t\tx\n")]
    [InlineData("invoicing/catalogue/1\n1\t7\t0001-01-01\t8\t\t\tx\n")]
    [InlineData("invoicing/catalogue/1\n1\t7\t0001-01-01\t7%\t\t\tx\n")]
    [InlineData("invoicing/catalogue/1\n1\t7\t0001-01-01\t8%\t\t\tx")]
    [InlineData("invoicing/catalogue/1\n1\t7\t0001-01-01\t8%\t\tx\n")]
    [InlineData("invoicing/catalogue/1\n5\t7\t0001-01-01\t8%\t\t\tx\n")]
    [InlineData("invoicing/catalogue/1\n1\t7\t1-1-1\t8%\t\t\tx\n")]
    [InlineData("invoicing/catalogue/1\n1\t8\t0001-01-01\t8%\t\t\tx\n1\t7\t0001-01-01\t8%\t\t\tx\n")]
    [InlineData("invoicing/catalogue/1\n1\t7\t0001-01-01\t8%\t\t\tx\n1\t7\t0001-01-01\t5%\t\t\ty\n")]
    [InlineData("invoicing/catalogue/1\n1\t\t0001-01-01\t8%\t\t\tx\n")]
    [InlineData("invoicing/catalogue/1\n1\t7\t0001-01-01\t8%\t\t\tx \n")]
    [InlineData("invoicing/catalogue/1\n1\t7\t0001-01-01\t8%\t9\t\tx\n")]
    public void Other_bytes_are_no_catalogue(string text)
    {
        Assert.Throws<InvoicingException>(() => ShopCatalogue.Read(Encoding.UTF8.GetBytes(text), Compose));
    }

    [Fact]
    public void Items_at_fault_are_named()
    {
        Assert.Contains("PLU 7, name: expected", Refused(Item(CatalogueKeyKind.Plu, "7", "a\u0007")), StringComparison.Ordinal);
        Assert.Contains("key: expected 1 to 20 characters", Refused(Item(CatalogueKeyKind.Department, new('9', 21), "a")), StringComparison.Ordinal);
        Assert.Contains("item: expected a name, a unit, a rate or a nature", Refused(Item(CatalogueKeyKind.Plu, "7")), StringComparison.Ordinal);
        Assert.Contains("unit: expected at most 50", Refused(Item(CatalogueKeyKind.Plu, "7", unit: new('x', 51))), StringComparison.Ordinal);
        Assert.Contains(
            "expected one item for words 'TRÀ' from 0001-01-01 on, found two",
            Refused(Item(CatalogueKeyKind.Words, "trà", "a"), Item(CatalogueKeyKind.Words, "TRÀ", "b")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void More_items_than_a_catalogue_holds_are_refused()
    {
        IEnumerable<CatalogueItem> items = Enumerable.Range(0, ShopCatalogue.MaxItems + 1).Select(i => Item(CatalogueKeyKind.Plu, $"{i}", "a"));

        Assert.Contains("at most 100000 items", Assert.Throws<ArgumentException>(() => ShopCatalogue.Create(items, Compose)).Message, StringComparison.Ordinal);
        Assert.Equal(ShopCatalogue.MaxItems, ShopCatalogue.Create(items.Skip(1), Compose).Items.Length);
    }

    private static string Refused(params CatalogueItem[] items) => Assert.Throws<ArgumentException>(() => Catalogue(items)).Message;
}
