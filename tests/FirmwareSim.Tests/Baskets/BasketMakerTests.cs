using FirmwareSim.Baskets;
using FirmwareSim.Bytes;
using FirmwareSim.Records;

namespace FirmwareSim.Tests.Baskets;

public sealed class BasketMakerTests
{
    private const int Sales = 3000;
    private static readonly DateTimeOffset Closed = new(2026, 7, 1, 15, 0, 0, TimeSpan.FromHours(7));

    [Fact]
    public void Price_list_has_120_goods_with_codes_of_their_own_and_composed_names()
    {
        Article[] goods = [.. PriceList.Shelves.SelectMany(shelf => shelf)];

        Assert.True(goods.Length >= 120, $"{goods.Length} goods");
        Assert.Equal(goods.Length, goods.Select(article => article.Code).Distinct(StringComparer.Ordinal).Count());
        Assert.All(goods, article => Assert.DoesNotContain(article.Name + article.Unit, c => c is >= '\u0300' and <= '\u036F'));
        Assert.All(goods, article => Assert.InRange(article.Price, 500, 2_000_000));
        Assert.Equal(4, goods.Select(article => article.Class).Distinct().Count());
        Assert.Contains(goods, article => article.Unit == "ly");
        Assert.Contains(goods, article => article.Unit == "lon");
        Assert.Contains(goods, article => article.Unit == "hộp");
    }

    [Fact]
    public void Same_seed_and_sequence_make_the_same_bytes_and_others_make_others()
    {
        byte[] one = RecordBytes.Sale(new BasketMaker(7).Make(42), Closed, []);
        byte[] same = RecordBytes.Sale(new BasketMaker(7).Make(42), Closed, []);

        Assert.Equal(one, same);
        Assert.NotEqual(one, RecordBytes.Sale(new BasketMaker(8).Make(42), Closed, []));
        Assert.NotEqual(one, RecordBytes.Sale(new BasketMaker(7).Make(43), Closed, []));
    }

    [Fact]
    public void First_sale_of_seed_7_is_what_it_always_was()
    {
        Basket basket = new BasketMaker(7).Make(1);
        Assert.Equal(FirstOfSeven, $"{basket.Lines.Length} {basket.Lines[0].Article.Code} {basket.Total} {basket.Payments[0].Means}");
    }

    [Fact]
    public void All_amounts_add_up_to_the_dong()
    {
        foreach (Basket basket in Baskets())
        {
            string what = basket.ToString();
            Assert.All(basket.Lines, line => Assert.Equal(Rounded(line) - line.Discount, line.Amount));
            Assert.All(basket.Lines, line => Assert.True(line.Discount >= 0 && line.Discount <= Math.Abs(Rounded(line)), what));
            Assert.True(basket.Total > 0, what);
            Assert.Equal(basket.Total + (basket.Discount?.Amount ?? 0), basket.Lines.Sum(line => line.Amount));
            Assert.Equal(basket.Total, basket.Payments.Sum(payment => payment.Amount));
            Assert.Equal(basket.Total, basket.TaxTotals.Sum(tax => tax.Net + tax.Tax));
            Assert.All(basket.Payments, payment => Assert.True(payment.Amount > 0, what));
            Assert.All(basket.TaxTotals, tax => Assert.True(tax.Net >= 0 && tax.Tax >= 0, what));
        }
    }

    [Fact]
    public void Tax_is_what_the_class_says_to_half_a_dong()
    {
        foreach (TaxTotal tax in Baskets().SelectMany(basket => basket.TaxTotals))
        {
            decimal gross = tax.Net + tax.Tax;
            decimal exact = gross - (gross * 100 / (100 + Article.PercentOf(tax.Class)));
            Assert.True(Math.Abs(exact - tax.Tax) <= 0.5m, tax.ToString());
        }
    }

    [Fact]
    public void Receipt_discount_is_spread_over_the_classes_without_losing_a_dong()
    {
        Article five = new("1", "a", "hộp", 10_000, TaxClass.FivePercent);
        Article eight = five with { Class = TaxClass.EightPercent };
        Article none = five with { Class = TaxClass.NotSubject };

        TaxTotal[] totals = [.. TaxBreakdown.Of([new(five, 1_000_000, 0), new(eight, 1_000_000, 0), new(none, 1_000_000, 0)], 1000)];

        Assert.Equal([9_666, 9_667, 9_667], totals.Select(tax => tax.Net + tax.Tax).Order());
        Assert.Equal(9_666, totals[0].Net + totals[0].Tax);
    }

    [Fact]
    public void Every_kind_of_receipt_occurs()
    {
        Basket[] baskets = [.. Baskets()];
        BasketLine[] lines = [.. baskets.SelectMany(basket => basket.Lines)];

        Assert.Contains(lines, line => line.QuantityMicros < 0);
        Assert.Contains(lines, line => line.Discount > 0);
        Assert.Contains(lines, line => line.QuantityMicros % 1_000_000 != 0 && line.QuantityMicros % 1000 == 0);
        Assert.Contains(baskets, basket => basket.Discount is not null);
        Assert.Contains(baskets, basket => basket.Payments.Length == 2);
        Assert.Contains(baskets, basket => RecordBytes.Sale(basket, Closed, []).Length > Frame.DefaultMaxBody);
        Assert.Equal(5, baskets.SelectMany(basket => basket.Payments).Select(payment => payment.Means).Distinct().Count());
        Assert.All(baskets, basket => Assert.True(RecordBytes.Sale(basket, Closed, []).Length <= Limits.MostRecord));
    }

    [Fact]
    public void A_line_taken_back_cancels_its_line_exactly()
    {
        foreach (Basket basket in Baskets())
        {
            foreach (BasketLine back in basket.Lines.Where(line => line.QuantityMicros < 0))
            {
                Assert.Contains(basket.Lines, line =>
                    line.Article == back.Article && line.QuantityMicros == -back.QuantityMicros && line.Amount == -back.Amount);
            }
        }
    }

    private const string FirstOfSeven = "3 DP021 42400 Cash";

    private static IEnumerable<Basket> Baskets() => Enumerable.Range(1, Sales).Select(seq => new BasketMaker(seq % 11).Make((ulong)seq));

    /// <summary>The rule again, in other words: add half a đồng away from zero and cut.</summary>
    private static long Rounded(BasketLine line)
    {
        long product = line.QuantityMicros * line.Article.Price;
        return (product + (Math.Sign(product) * 500_000)) / 1_000_000;
    }
}
