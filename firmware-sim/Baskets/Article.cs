namespace FirmwareSim.Baskets;

/// <summary>One article of the price list.</summary>
/// <param name="Code">PLU or bar code.</param>
/// <param name="Name">Vietnamese, composed form.</param>
/// <param name="Unit">What one is: <c>ly</c>, <c>kg</c>, <c>hộp</c> …</param>
/// <param name="Price">Whole đồng for one unit, tax included.</param>
/// <param name="Class">Its tax class.</param>
internal sealed record Article(string Code, string Name, string Unit, long Price, TaxClass Class)
{
    /// <summary>Sold by weight: quantities have three decimals.</summary>
    public bool IsWeighed => Unit == "kg";

    /// <summary>Percent of tax that the price includes.</summary>
    public static int PercentOf(TaxClass taxClass) => taxClass switch
    {
        TaxClass.FivePercent => 5,
        TaxClass.EightPercent => 8,
        TaxClass.TenPercent => 10,
        TaxClass.NotSubject => 0,
        _ => throw new ArgumentOutOfRangeException(nameof(taxClass), taxClass, "not a class of the price list"),
    };
}
