using System.Collections.Immutable;
using System.Globalization;

namespace FirmwareSim.Baskets;

/// <summary>Goods of a supermarket, a café and a pharmacy in Vietnam; prices in đồng, tax included.</summary>
/// <remarks>
/// One article a line: code | name | unit | price | tax class in percent, or KCT (not subject to the tax). Names are in composed form (NFC).
/// </remarks>
internal static partial class PriceList
{
    /// <summary>One shelf per shop; a receipt is from one of them.</summary>
    public static ImmutableArray<ImmutableArray<Article>> Shelves { get; } = [Read(Supermarket), Read(Café), Read(Pharmacy)];

    private static ImmutableArray<Article> Read(string text) =>
    [
        .. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ReadArticle),
    ];

    private static Article ReadArticle(string line)
    {
        string[] fields = line.Split('|', StringSplitOptions.TrimEntries);
        TaxClass taxClass = fields[4] switch
        {
            "5" => TaxClass.FivePercent,
            "8" => TaxClass.EightPercent,
            "10" => TaxClass.TenPercent,
            "KCT" => TaxClass.NotSubject,
            _ => throw new FormatException($"price list: tax class of '{line}'"),
        };
        return new Article(fields[0], fields[1], fields[2], long.Parse(fields[3], CultureInfo.InvariantCulture), taxClass);
    }
}
