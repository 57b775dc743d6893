namespace FirmwareSim.Baskets;

/// <summary>One line of a receipt; a negative quantity takes an earlier line back.</summary>
/// <param name="Article">What.</param>
/// <param name="QuantityMicros">How much, in millionths; not 0.</param>
/// <param name="Discount">Whole đồng taken off this line; at least 0.</param>
/// <param name="Nature">What the line is.</param>
internal sealed record BasketLine(Article Article, long QuantityMicros, long Discount, LineNature Nature = LineNature.Goods)
{
    /// <summary>Quantity times price, rounded half away from zero to whole đồng, minus the discount.</summary>
    public long Amount => Gross(Article, QuantityMicros) - Discount;

    /// <summary>Whether it belongs to a tax class: what is given away and what is only said does not.</summary>
    public bool IsTaxed => Nature is not (LineNature.Promotion or LineNature.Note);

    public static long Gross(Article article, long quantityMicros) =>
        (long)decimal.Round((decimal)quantityMicros * article.Price / Basket.Micro, MidpointRounding.AwayFromZero);
}
