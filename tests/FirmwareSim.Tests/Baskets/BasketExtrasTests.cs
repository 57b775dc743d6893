using FirmwareSim.Baskets;
using FirmwareSim.Bytes;
using FirmwareSim.Records;

namespace FirmwareSim.Tests.Baskets;

public sealed class BasketExtrasTests
{
    private const int Sales = 1000;
    private const BasketExtras All = BasketExtras.Promotions | BasketExtras.Notes | BasketExtras.Discounts | BasketExtras.Buyers;
    private static readonly DateTimeOffset Closed = new(2026, 7, 1, 15, 0, 0, TimeSpan.FromHours(7));

    [Fact]
    public void Goods_and_receipt_are_the_same_with_extras_and_without()
    {
        foreach ((Basket plain, Basket full) in Make(BasketExtras.None).Zip(Make(All)))
        {
            Assert.Equal(plain.Lines, full.Lines.Where(line => line.Nature == LineNature.Goods));
            Assert.Equal((plain.Receipt, plain.Cashier, plain.Discount), (full.Receipt, full.Cashier, full.Discount));
        }
    }

    [Fact]
    public void Each_extra_occurs_as_often_as_it_says_and_alone_what_is_asked_for()
    {
        Basket[] full = [.. Make(All)];

        Assert.InRange(Count(full, LineNature.Promotion), Sales / 4, Sales / 2);
        Assert.InRange(Count(full, LineNature.Note), Sales / 4, Sales / 2);
        Assert.InRange(Count(full, LineNature.TradeDiscount), Sales / 8, Sales / 3);
        Assert.InRange(full.Count(basket => basket.Buyer is not null), Sales / 8, Sales / 3);
        Assert.Equal(4, full.Select(basket => basket.Buyer).OfType<Buyer>().Distinct().Count());
        Basket[] notes = [.. Make(BasketExtras.Notes)];
        Assert.Equal(Count(full, LineNature.Note), Count(notes, LineNature.Note));
        Assert.All(notes, basket => Assert.Null(basket.Buyer));
        Assert.Equal(0, Count(notes, LineNature.Promotion) + Count(notes, LineNature.TradeDiscount));
    }

    [Fact]
    public void All_amounts_add_up_and_natures_are_what_the_law_wants_of_them()
    {
        foreach (Basket basket in Make(All))
        {
            string what = basket.ToString();
            Assert.True(basket.Total > 0, what);
            Assert.Equal(basket.Total, basket.Payments.Sum(payment => payment.Amount));
            Assert.Equal(basket.Total, basket.TaxTotals.Sum(tax => tax.Net + tax.Tax));
            Assert.All(basket.TaxTotals, tax => Assert.True(tax.Net >= 0 && tax.Tax >= 0, what));
            Assert.All(basket.Lines.Where(line => line.Nature == LineNature.Promotion), line => Assert.True(line.Amount == 0 && line.QuantityMicros > 0, what));
            Assert.All(basket.Lines.Where(line => line.Nature == LineNature.Note), line => Assert.True(line.Amount == 0 && line.QuantityMicros == 0, what));
            Assert.All(basket.Lines.Where(line => line.Nature == LineNature.TradeDiscount), line => Assert.True(line.Amount < 0 && line.Discount == 0, what));
        }
    }

    [Fact]
    public void Buyers_are_blinded_anew_in_each_record()
    {
        Basket[] named = [.. Make(BasketExtras.Buyers).Where(basket => basket.Buyer is not null)];

        Assert.All(named, basket => Assert.Equal(16, basket.Blind.Length));
        Assert.Equal(named.Length, named.Select(basket => Convert.ToHexString(basket.Blind.AsSpan())).Distinct().Count());
    }

    [Fact]
    public void Records_have_the_tags_of_what_was_asked_for()
    {
        Basket basket = Make(All | BasketExtras.Departments).First(b => b.Buyer is { Name.Length: > 0 } && b.Lines.Any(line => line.Nature == LineNature.Note));
        TlvReader record = Read(RecordBytes.Sale(basket, Closed, []), RecordTag.Buyer);
        TlvReader buyer = Read(record.Bytes(RecordTag.Buyer), RecordTag.BuyerBlind, RecordTag.BuyerName, RecordTag.BuyerTaxCode);
        Assert.Equal(basket.Blind.ToArray(), buyer.Bytes(RecordTag.BuyerBlind));
        Assert.Equal(basket.Buyer!.Name, System.Text.Encoding.UTF8.GetString(buyer.Bytes(RecordTag.BuyerName)));

        (BasketLine Line, TlvReader Tags)[] lines = [.. basket.Lines.Zip(LinesOf(RecordBytes.Sale(basket, Closed, [])))];
        Assert.All(lines, pair => Assert.Equal(pair.Line.Nature == LineNature.Goods, !pair.Tags.Has(RecordTag.LineNature)));
        Assert.All(lines, pair => Assert.Equal(pair.Line.Nature == LineNature.Goods, pair.Tags.Has(RecordTag.LineDepartment)));
        Assert.All(lines, pair => Assert.Equal(pair.Line.IsTaxed, pair.Tags.Has(RecordTag.LineTaxClass)));
    }

    [Fact]
    public void A_register_that_knows_codes_only_states_nothing_else_of_its_goods()
    {
        foreach (Basket basket in Make(BasketExtras.CodesOnly).Take(50))
        {
            byte[] record = RecordBytes.Sale(basket, Closed, []);
            Assert.All(LinesOf(record), line => Assert.Equal(
                (true, false, false, false),
                (line.Has(RecordTag.LineCode), line.Has(RecordTag.LineName), line.Has(RecordTag.LineUnit), line.Has(RecordTag.LineTaxClass))));
            Assert.False(Read(record, RecordTag.TaxTotal).Has(RecordTag.TaxTotal));
        }
    }

    private static IEnumerable<Basket> Make(BasketExtras extras) =>
        Enumerable.Range(1, Sales).Select(sequence => new BasketMaker(7, extras).Make((ulong)sequence));

    private static int Count(IEnumerable<Basket> baskets, LineNature nature) => baskets.Sum(basket => basket.Lines.Count(line => line.Nature == nature));

    private static TlvReader Read(byte[] bytes, params byte[] tags) => new(bytes, tags, [RecordTag.TaxTotal, RecordTag.Line]);

    private static IEnumerable<TlvReader> LinesOf(byte[] record) => Read(record, RecordTag.Line).All(RecordTag.Line).Select(line => Read(
        line, RecordTag.LineCode, RecordTag.LineName, RecordTag.LineUnit, RecordTag.LineTaxClass, RecordTag.LineNature, RecordTag.LineDepartment));
}
