using System.Collections.Immutable;
using System.Globalization;

namespace FirmwareSim.Baskets;

/// <summary>Makes sales. A basket is a function of seed and sequence alone, so a restarted register goes on as if never stopped.</summary>
/// <param name="seed">The seed.</param>
/// <param name="extras">What is rung up beside plain goods; the goods stay what they are without.</param>
internal sealed class BasketMaker(long seed, BasketExtras extras = BasketExtras.None)
{
    /// <summary>A receipt this long needs fragments: 90 lines of about 75 bytes against a body of 1,024.</summary>
    private const int MostLines = 90;

    /// <summary>Price steps of a discount, in đồng: nobody takes 37 đồng off.</summary>
    private const long DiscountStep = 100;

    private static readonly ImmutableArray<string> Cashiers = ["Lan", "Hương", "Nguyễn Văn Tú", "Trần Thị Mỹ Duyên", "Đặng Quốc Bảo"];
    private static readonly ImmutableArray<ushort> Percents = [200, 300, 500, 1000];
    private static readonly ImmutableArray<string> DiscountTexts = ["Khách hàng thân thiết", "Khuyến mãi cuối tuần", "Mừng khai trương"];

    private readonly ExtraMaker _extras = new(seed, extras);

    /// <summary>Makes the basket of a sequence.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="leastLines">Lines that somebody asked for; the basket may have more.</param>
    public Basket Make(ulong sequence, int leastLines = 1) => _extras.Add(MakePlain(sequence, leastLines), sequence);

    private Basket MakePlain(ulong sequence, int leastLines)
    {
        SeededDraw draw = new(seed, sequence);
        ImmutableArray<Article> shelf = PriceList.Shelves[draw.Between(0, PriceList.Shelves.Length - 1)];
        int count = draw.Chance(2) ? draw.Between(30, MostLines) : draw.Between(1, 9);
        count = Math.Max(count, leastLines);
        List<BasketLine> lines = new(count + 1);
        for (int i = 0; i < count; i++)
        {
            lines.Add(Line(draw, shelf));
        }

        VoidOne(draw, lines);
        long sum = lines.Sum(line => line.Amount);
        ReceiptDiscount? discount = Discount(draw, sum);
        string cashier = Cashiers[draw.Between(0, Cashiers.Length - 1)];
        string receipt = sequence.ToString("D6", CultureInfo.InvariantCulture);
        return new Basket(receipt, cashier, [.. lines], discount, Pay(draw, sum - (discount?.Amount ?? 0)));
    }

    private static BasketLine Line(SeededDraw draw, ImmutableArray<Article> shelf)
    {
        const int Gram = 1000;
        Article article = shelf[draw.Between(0, shelf.Length - 1)];
        long quantity = article.IsWeighed ? draw.Between(105, 3500) * (long)Gram : draw.Between(1, 4) * Basket.Micro;
        long gross = BasketLine.Gross(article, quantity);
        long discount = draw.Chance(12) ? gross * draw.Between(3, 20) / 100 / DiscountStep * DiscountStep : 0;
        return new BasketLine(article, quantity, discount);
    }

    /// <summary>In one of twenty receipts the cashier takes one undiscounted line back; something else stays.</summary>
    private static void VoidOne(SeededDraw draw, List<BasketLine> lines)
    {
        if (lines.Count < 2 || !draw.Chance(5))
        {
            return;
        }

        BasketLine line = lines[draw.Between(0, lines.Count - 1)];
        if (line.Discount == 0)
        {
            lines.Add(line with { QuantityMicros = -line.QuantityMicros });
        }
    }

    private static ReceiptDiscount? Discount(SeededDraw draw, long sum)
    {
        const int AllHundredths = 10_000;
        if (!draw.Chance(10))
        {
            return null;
        }

        ushort percent = Percents[draw.Between(0, Percents.Length - 1)];
        long amount = (long)decimal.Round((decimal)sum * percent / AllHundredths, MidpointRounding.AwayFromZero);
        return amount == 0 ? null : new ReceiptDiscount(amount, DiscountTexts[draw.Between(0, DiscountTexts.Length - 1)], percent);
    }

    private static ImmutableArray<Payment> Pay(SeededDraw draw, long total)
    {
        const long Voucher = 50_000;
        int way = draw.Between(1, 100);
        string reference = draw.Between(0, 999_999).ToString("D6", CultureInfo.InvariantCulture);
        return way switch
        {
            <= 45 => [new(Means.Cash, total, null)],
            <= 70 => [new(Means.Transfer, total, "VietQR " + reference)],
            <= 82 => [new(Means.Card, total, "Napas " + reference)],
            <= 90 => [new(Means.Wallet, total, "MoMo " + reference)],
            _ when total > Voucher => [new(Means.Voucher, Voucher, "PMH " + reference), new(Means.Cash, total - Voucher, null)],
            _ => [new(Means.Cash, total, null)],
        };
    }
}
