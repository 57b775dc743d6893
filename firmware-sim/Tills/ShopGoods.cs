using FirmwareSim.Baskets;

namespace FirmwareSim.Tills;

/// <summary>What a shop with registers of every kind tells its gateway of its goods: by the register's number, and by every name that one prints.</summary>
internal static class ShopGoods
{
    /// <summary>The list as CSV, its heading first.</summary>
    public static string ToCsv()
    {
        PluTable plus = new();
        List<string> rows = ["mã hàng;tên in;tên hàng;đvt;thuế suất"];
        foreach (Article article in PriceList.Shelves.SelectMany(shelf => shelf).DistinctBy(article => article.Code, StringComparer.Ordinal))
        {
            PluRow plu = plus.Of(article);
            string rate = article.Class == TaxClass.NotSubject ? "KCT" : $"{Article.PercentOf(article.Class)}%";
            rows.Add($"{plu.Number};;{article.Name};{article.Unit};{rate}");
            rows.Add($";{plu.Name};{article.Name};{article.Unit};{rate}");
            rows.Add($";Moi {plu.Name};{article.Name};{article.Unit};{rate}");
            rows.Add($";{article.Name};{article.Name};{article.Unit};{rate}");
        }

        return string.Join('\n', rows.Distinct(StringComparer.Ordinal));
    }
}
