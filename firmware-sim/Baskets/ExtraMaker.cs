using System.Collections.Immutable;

namespace FirmwareSim.Baskets;

/// <summary>
/// Puts into a basket what was asked for beside plain goods. Drawn from a source of its own, so that the goods stay what they are.
/// </summary>
internal sealed class ExtraMaker(long seed, BasketExtras extras)
{
    /// <summary>Sets the draws of extras apart from those of goods.</summary>
    private const long Apart = 0x45585452_41530000;

    private const long Step = 100;

    private static readonly ImmutableArray<string> Notes =
        ["Ít đá, không đường", "Mang về", "Khách hẹn lấy lúc 17 giờ", "Đổi trả trong 7 ngày", "Không lấy túi ni lông"];

    private static readonly ImmutableArray<Article> Gifts =
    [
        new("TANG01", "Móc khóa kỷ niệm", "cái", 0, TaxClass.EightPercent), new("TANG02", "Túi vải", "cái", 0, TaxClass.EightPercent),
        new("TANG03", "Gói trà dùng thử", "gói", 0, TaxClass.EightPercent),
    ];

    // Tax codes of ten digits with a right check digit, of nobody's enterprise but the documents that use them as samples.
    private static readonly ImmutableArray<Buyer> Buyers =
    [
        new("Công ty TNHH Sông Hồng", "0312270160", "12 phố Huế, Hà Nội", string.Empty, string.Empty),
        new("Công ty Cổ phần Biển Đông", "0100109106", "5 Trần Phú, Nha Trang", "Lê Văn Bình", string.Empty),
        new("Hợp tác xã Đồng Xanh", "3600642822", "Quốc lộ 1, Biên Hòa", string.Empty, "0251 3822 114"),
        new(string.Empty, string.Empty, string.Empty, "Trần Thị Mai", "0901234567"),
    ];

    /// <summary>The basket with its extras.</summary>
    public Basket Add(Basket basket, ulong sequence)
    {
        if (extras == BasketExtras.None)
        {
            return basket;
        }

        SeededDraw draw = new(seed ^ Apart, sequence);
        var lines = basket.Lines.ToList();

        // Drawn whether it is wanted or not, so that one extra does not change another.
        Gift(lines, draw.Chance(33), draw.Between(0, Gifts.Length - 1));
        long discount = Discount(lines, draw.Chance(25) && basket.Discount is null, draw.Between(2, 10));
        Note(lines, draw.Chance(33), draw.Between(0, Notes.Length - 1));
        bool names = draw.Chance(20) && extras.HasFlag(BasketExtras.Buyers);
        Buyer buyer = Buyers[draw.Between(0, Buyers.Length - 1)];
        byte[] blind = [.. BitConverter.GetBytes(draw.Next()), .. BitConverter.GetBytes(draw.Next())];
        return basket with
        {
            Lines = [.. lines],
            Payments = discount == 0 ? basket.Payments : [new(Means.Cash, basket.Total - discount, null)],
            Buyer = names ? buyer : null,
            Blind = names ? [.. blind] : [],
            WithDepartments = extras.HasFlag(BasketExtras.Departments),
            WithCodesOnly = extras.HasFlag(BasketExtras.CodesOnly),
        };
    }

    private void Gift(List<BasketLine> lines, bool drawn, int which)
    {
        if (drawn && extras.HasFlag(BasketExtras.Promotions))
        {
            lines.Add(new(Gifts[which], Basket.Micro, 0, LineNature.Promotion));
        }
    }

    private void Note(List<BasketLine> lines, bool drawn, int which)
    {
        if (drawn && extras.HasFlag(BasketExtras.Notes))
        {
            lines.Add(new(new(string.Empty, Notes[which], string.Empty, 0, TaxClass.NotSubject), 0, 0, LineNature.Note));
        }
    }

    /// <summary>Takes some percent off what the first line's tax class comes to, so that no class falls below nothing.</summary>
    private long Discount(List<BasketLine> lines, bool drawn, int percent)
    {
        if (!drawn || !extras.HasFlag(BasketExtras.Discounts))
        {
            return 0;
        }

        TaxClass taxClass = lines[0].Article.Class;
        long sum = lines.Where(line => line.Article.Class == taxClass).Sum(line => line.Amount);
        long amount = sum * percent / 100 / Step * Step;
        if (amount <= 0)
        {
            return 0;
        }

        lines.Add(new(new("CKTM", "Chiết khấu thương mại", string.Empty, -amount, taxClass), Basket.Micro, 0, LineNature.TradeDiscount));
        return amount;
    }
}
