namespace Invoicing.Sales;

/// <summary>What a line is by law (TChat). The numbers are the law's, stand in signed bytes and never change.</summary>
/// <remarks>Source: Decision 1271/QĐ-CT, element HHDVu; 5 since format 2.1.0.</remarks>
public enum LineNature
{
    /// <summary>Goods or services.</summary>
    Goods = 1,

    /// <summary>Given away as a promotion: a quantity, and an amount of 0.</summary>
    Promotion = 2,

    /// <summary>A trade discount as a line of its own: an amount of 0 or less.</summary>
    TradeDiscount = 3,

    /// <summary>A note: words only, quantity, price and amount of 0.</summary>
    Note = 4,

    /// <summary>Special goods, with <see cref="SpecialGoods"/>.</summary>
    Special = 5,
}
