namespace FirmwareSim.Baskets;

/// <summary>Tax classes of TLK/1 §4 that the price list uses.</summary>
internal enum TaxClass : byte
{
    FivePercent = 2,
    EightPercent = 3,
    TenPercent = 4,
    NotSubject = 5,
}
