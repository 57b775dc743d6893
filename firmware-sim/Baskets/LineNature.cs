namespace FirmwareSim.Baskets;

/// <summary>What a line is, TLK/1 §4.</summary>
internal enum LineNature : byte
{
    Goods = 1,
    Promotion = 2,
    TradeDiscount = 3,
    Note = 4,
}
