using System.CommandLine;
using System.Globalization;
using FirmwareSim.Baskets;

namespace FirmwareSim.Commands;

/// <summary><c>firmware-sim goods</c>: the price list as the list of goods that a gateway's catalogue is imported from.</summary>
internal static class GoodsCommand
{
    public static Command Create()
    {
        Command command = new("goods", "Prints the goods of the simulated shops as CSV: what the shop tells its gateway of them.");
        command.SetAction(_ =>
        {
            Console.WriteLine("mã hàng;tên hàng;đvt;thuế suất;giá bán");
            foreach (Article article in PriceList.Shelves.SelectMany(shelf => shelf))
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{article.Code};{article.Name};{article.Unit};{Rate(article.Class)};{article.Price}"));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static string Rate(TaxClass taxClass) => taxClass == TaxClass.NotSubject ? "KCT" : $"{Article.PercentOf(taxClass)}%";
}
