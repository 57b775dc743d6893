using Invoicing.Amounts;
using Invoicing.Catalogues;
using Invoicing.Registers.Text;

namespace Invoicing.Registers.Tests.Text;

public sealed class PrintedNamesTests
{
    [Theory]
    [InlineData("tcvn3-1", 0, "ĐÈN LED Điện Quang 9 W", "DEN LED Diện Quang 9 W")]
    [InlineData("tcvn3-1", 12, "ĐÈN LED Điện Quang 9 W", "DEN LED Diện")]
    [InlineData("cp1258", 8, "Phở bò tái", "Phở bò t")]
    [InlineData("cp437", 0, "Cà phê sữa đá", "Cà phê sua dá")]
    [InlineData("utf-8", 0, "Bia Hà Nội", "Bia Hà Nội")]
    public void A_name_arrives_as_the_device_writes_it(string page, int columns, string name, string printed) =>
        Assert.Equal(printed, PrintedNames.Of(name, CodePage.Named(page), columns));

    [Fact]
    public void A_list_gets_what_is_printed_where_it_can_mean_only_one_thing()
    {
        CatalogueItem[] list =
        [
            Item("Nước mắm Nam Ngư 500 ml", 800), Item("Nước mắm Nam Ngư 750 ml", 800), // one rate: whichever it was
            Item("Sữa Ông Thọ đỏ", 800), Item("Sữa Ông Thọ xanh", 500), // two rates
            Item("Đường", 500), Item("Bánh mì que", 800), Item("Bánh mì", 500), // the list's own words stay
            Item("4711", 1000, CatalogueKeyKind.Plu),
        ];

        var printed = PrintedNames.Of(list, CodePage.Named("cp437"), 10).ToDictionary(item => item.Key.Value, item => item.Rate!.Value.ToString(), StringComparer.Ordinal);

        Assert.Equal(new Dictionary<string, string>(StringComparer.Ordinal) { ["Nuoc mam N"] = "8%", ["Duong"] = "5%", ["Bánh mì qu"] = "8%", ["Bánh mì"] = "5%" }
            .Where(pair => !list.Any(item => item.Key.Value == pair.Key)).OrderBy(pair => pair.Key, StringComparer.Ordinal), printed.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Throws<ArgumentOutOfRangeException>(() => PrintedNames.Of(list, CodePage.Named("cp437"), 3));
    }

    [Fact]
    public void Goods_whose_rate_changes_keep_their_days()
    {
        CatalogueItem before = Item("Cà phê sữa đá", 1000);
        CatalogueItem after = before with { Rate = TaxRate.Of(TaxRateKind.Percent, 800), ValidFrom = new(2026, 7, 1) };

        Assert.Equal([before.ValidFrom, after.ValidFrom], PrintedNames.Of([after, before], CodePage.Named("cp437")).Select(item => item.ValidFrom));
    }

    private static CatalogueItem Item(string words, int hundredths, CatalogueKeyKind kind = CatalogueKeyKind.Words) =>
        new() { Key = new(kind, words), Name = words, Rate = TaxRate.Of(TaxRateKind.Percent, hundredths) };
}
