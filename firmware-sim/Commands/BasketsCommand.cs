using System.CommandLine;
using System.Globalization;
using System.Text;
using FirmwareSim.Baskets;

namespace FirmwareSim.Commands;

/// <summary><c>firmware-sim baskets</c>: the sales that a seed makes, as receipts or as JSON.</summary>
internal static class BasketsCommand
{
    public static Command Create()
    {
        Command command = new("baskets", "Prints the sales that a register with this seed rings up.");
        Option<string> seed = new("--seed") { Description = "The seed [default: 1]", HelpName = "SEED" };
        Option<string> count = new("--count") { Description = "How many sales, from sequence 1 on [default: 3]", HelpName = "COUNT" };
        Option<string> scenario = new("--scenario")
        {
            Description = "What is rung up beside plain goods: " + RunSettings.ScenarioExpected,
            HelpName = "SCENARIO",
        };
        Option<bool> json = new("--json") { Description = "One JSON object a line" };
        command.Add(seed);
        command.Add(count);
        command.Add(scenario);
        command.Add(json);
        command.SetAction(result =>
        {
            SettingSource source = new(key => result.GetValue(key == "seed" ? seed : key == "count" ? count : scenario), null, []);
            BasketMaker maker = new(
                source.Read<long>("seed", "a whole number", RunSettings.TryLong, 1),
                source.Read<BasketExtras>("scenario", RunSettings.ScenarioExpected, RunSettings.TryScenario, BasketExtras.None));
            long most = source.Read<long>("count", "a whole number from 0 on", RunSettings.TryCount, 3);
            for (ulong seq = 1; seq <= (ulong)most; seq++)
            {
                Basket basket = maker.Make(seq);
                Console.WriteLine(result.GetValue(json) ? JsonLines.Of(basket) : Receipt(basket));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static string Receipt(Basket basket)
    {
        StringBuilder text = new();
        CultureInfo culture = CultureInfo.InvariantCulture;
        text.AppendLine(culture, $"HÓA ĐƠN {basket.Receipt}   Thu ngân: {basket.Cashier}");
        foreach (BasketLine line in basket.Lines)
        {
            decimal quantity = (decimal)line.QuantityMicros / Basket.Micro;
            text.AppendLine(culture, $"  {line.Article.Name,-42} {quantity,8:0.###} {line.Article.Unit,-6} x {line.Article.Price,9:N0} = {line.Amount,11:N0}");
            if (line.Nature != LineNature.Goods)
            {
                text.AppendLine(culture, $"    ({Words(line.Nature)})");
            }

            if (line.Discount > 0)
            {
                text.AppendLine(culture, $"    giảm {line.Discount:N0}");
            }
        }

        if (basket.Discount is ReceiptDiscount discount)
        {
            text.AppendLine(culture, $"  {discount.Text}: giảm {discount.Amount:N0}");
        }

        text.AppendLine(culture, $"  TỔNG CỘNG {basket.Total:N0} đồng");
        foreach (Payment payment in basket.Payments)
        {
            text.AppendLine(culture, $"  {payment.Means} {payment.Amount:N0} {payment.Reference}");
        }

        if (basket.Buyer is Buyer buyer)
        {
            string[] parts = [buyer.Name, buyer.TaxCode, buyer.Address, buyer.Person, buyer.Phone];
            text.AppendLine(culture, $"  Người mua: {string.Join(", ", parts.Where(part => part.Length > 0))}");
        }

        return text.ToString();
    }

    private static string Words(LineNature nature) => nature switch
    {
        LineNature.Promotion => "khuyến mãi",
        LineNature.TradeDiscount => "chiết khấu thương mại",
        _ => "ghi chú",
    };
}
