using System.Globalization;
using Invoicing.Registers.Receipts;
using Invoicing.Sales;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Receipts;

/// <summary>
/// Receipts as shops print them, in layouts that the learner was not made for: it may leave them to a person, and must not read any otherwise than it
/// was rung up.
/// </summary>
public sealed class UnseenLayoutTests(ITestOutputHelper output)
{
    private static readonly (string Code, string Name, string Unit, long Price)[] Market =
    [
        ("8934563138165", "MÌ HẢO HẢO TÔM CHUA CAY", "GOI", 4_500), ("8936136162008", "NƯỚC MẮM NAM NGƯ 750ML", "CHAI", 52_900), ("2000058", "RAU MUỐNG", "KG", 19_500),
        ("8934673583381", "SỮA TƯƠI VINAMILK 1L", "HOP", 38_500), ("8934822101336", "BIA 333", "LON", 12_900), ("8935001800019", "RƯỢU VANG ĐÀ LẠT", "CHAI", 1_155_000),
    ];

    private static readonly (string Name, long Price)[] Drinks =
        [("Cà phê sữa đá", 29_000), ("Bạc xỉu", 32_000), ("Trà đào cam sả", 45_000), ("Bánh mì 2 trứng", 25_000), ("7 Up", 18_000), ("Nước suối 500 ml", 12_000)];

    private static readonly (string Name, long Price)[] Fuels = [("Xăng RON 95-III", 23_450), ("Xăng E5 RON 92-II", 22_310), ("Dầu DO 0,05S-II", 19_870)];

    private sealed record Rung(string[] Lines, long Total, (decimal Quantity, long Amount)[] Goods);

    [Theory]
    [InlineData("supermarket", 20)]
    [InlineData("supermarket name first", 20)]
    [InlineData("supermarket points", 0)]
    [InlineData("supermarket bare", 20)]
    [InlineData("cafe", 20)]
    [InlineData("cafe fee", 0)]
    [InlineData("cafe numbered", 0)]
    [InlineData("petrol", 20)]
    [InlineData("petrol labels", 0)]
    public void What_is_learned_reads_no_receipt_otherwise_than_it_was_rung_up(string layout, int atLeast) => Seeded.Run(6, random =>
    {
        int first = random.Next(1, 900_000);
        Rung[] rung = [.. Enumerable.Range(0, 24).Select(i => Print(layout, first + i, random))];
        LearnedTemplate learned = TemplateLearner.Learn([.. rung.Select(receipt => receipt.Lines)], layout);

        output.WriteLine($"{layout}: {learned.AddUp} of {rung.Length} add up");
        foreach ((ReceiptReading reading, Rung truth) in learned.Readings.Zip(rung).Where(pair => pair.First.Class is CaptureClass.Sale or CaptureClass.NoReceiptNumber))
        {
            string shown = $"{string.Join('\n', truth.Lines)}\n{learned.Template.ToJson()}";
            Assert.True(truth.Total == reading.Total!.Value.Dong, $"total {reading.Total}\n{shown}");
            Assert.True(
                truth.Goods.SequenceEqual(reading.Lines.Select(line => (line.Quantity, line.Amount.Dong))),
                $"{string.Join("; ", reading.Lines.Select(line => $"{line.Name} {line.Quantity} {line.Amount}"))}\n{shown}");
            Assert.True(reading.Payments.IsEmpty || reading.Payments.Sum(paid => paid.Amount.Dong) == truth.Total, shown);
        }

        Assert.True(learned.AddUp >= atLeast, $"{learned.AddUp} of {rung.Length} add up, {learned.Readings.FirstOrDefault(reading => reading.Class != CaptureClass.Sale)?.Text}\n{string.Join('\n', rung[0].Lines)}\n{learned.Template.ToJson()}");
    });

    private static Rung Print(string layout, int number, Random random) => layout.Split(' ')[0] switch
    {
        "supermarket" => Supermarket(layout, number, random),
        "cafe" => Cafe(layout, number, random),
        _ => Petrol(layout, number, random),
    };

    /// <summary>A line with the bar code and the name, one with quantity, unit, price and amount below; VAT by rate, several payments, change, points.</summary>
    private static Rung Supermarket(string layout, int number, Random random)
    {
        List<string> goods = [];
        List<(decimal, long)> truth = [];
        long total = 0;
        for (int i = random.Next(1, 7); i > 0; i--)
        {
            (string code, string name, string unit, long price) = Market[random.Next(Market.Length)];
            decimal quantity = unit == "KG" ? random.Next(120, 2500) / 1000m : random.Next(1, 13);
            long amount = (long)decimal.Round(quantity * price, MidpointRounding.AwayFromZero);
            long off = random.Next(4) == 0 ? amount / 10 / 100 * 100 : 0;
            goods.AddRange(layout == "supermarket name first"
                ? [name, Row($"{code} {Quantity(quantity)} x {Dong(price)}", Dong(amount))]
                : [$"{code} {name}", Row($"     {Quantity(quantity)} {unit} x {Dong(price)}", Dong(amount))]);
            if (off > 0)
            {
                goods.Add(Row("     Khuyến mãi", Dong(-off)));
            }

            truth.Add((quantity, amount - off));
            total += amount - off;
        }

        // Points are a payment in all but name: what is to be paid is less than the goods, and no word for it is a discount's.
        long points = layout == "supermarket points" ? Math.Min(total - 1, random.Next(2) * 5_000) : 0;
        long paid = total - points;
        long card = random.Next(3) == 0 ? paid / 2 : 0;
        long given = (paid - card + 49_999) / 50_000 * 50_000;
        string[] lines =
        [
            "SIÊU THỊ XANH - CHI NHÁNH 3", "MST: 0312345678-003   ĐT: 028 3822 9988", "HÓA ĐƠN BÁN LẺ", $"Số HĐ: {number:00000000}   Quầy: 07", "15/08/2026 18:42:07  TN: NGUYỄN THỊ MAI",
            "------------------------------------------", .. goods, "------------------------------------------",
            Row($"Tổng số lượng: {truth.Count}", string.Empty).TrimEnd(), .. layout == "supermarket bare" ? (string[])[] : [Row("TỔNG TIỀN HÀNG", Dong(total))],
            .. points > 0 ? (string[])[Row("Dùng điểm thưởng", Dong(-points))] : [],
            Row("KHÁCH PHẢI TRẢ", Dong(paid)), Row("  Trong đó VAT 8%", Dong(paid * 8 / 108)), Row("  Trong đó VAT 10%", Dong(0)),
            .. card > 0 ? (string[])[Row("Thẻ VISA ****4242", Dong(card))] : [],
            .. given > 0 ? (string[])[Row("Tiền mặt", Dong(given))] : [], .. given > paid - card ? (string[])[Row("Tiền thối lại", Dong(given - paid + card))] : [],
            "Cảm ơn quý khách. Đổi trả trong 07 ngày.",
        ];

        // With points, the shop's sale is what the customer pays: read as the goods' sum it would be wrong.
        return new(lines, paid, points > 0 ? [] : [.. truth]);
    }

    /// <summary>Quantity first; a service fee, or goods that are numbered in place of a quantity.</summary>
    private static Rung Cafe(string layout, int number, Random random)
    {
        List<string> goods = [];
        List<(decimal, long)> truth = [];
        long sum = 0;
        int count = random.Next(1, 5);
        for (int i = 1; i <= count; i++)
        {
            (string name, long price) = Drinks[random.Next(Drinks.Length)];
            int quantity = layout == "cafe numbered" ? 1 : random.Next(1, 5);
            goods.Add(layout == "cafe numbered" ? Row($"{i} {name}", Dong(price)) : Row($"{quantity}  {name,-18} {Dong(price),7}", Dong(quantity * price)));
            truth.Add((quantity, quantity * price));
            sum += quantity * price;
        }

        long off = layout == "cafe" && random.Next(3) == 0 ? sum / 10 : 0;
        long fee = layout == "cafe fee" ? sum / 20 : 0;
        long total = sum - off + fee;
        string[] lines =
        [
            "THE ATTIC COFFEE", "45 Lý Tự Trọng, Q.1", "Wifi: attic123456", "PHIẾU THANH TOÁN", $"Bill: {number:000000}", "Bàn: 12  Khách: 2", "Giờ vào: 09:15  Giờ ra: 10:02", "Ngày 03/09/2026",
            "==============================", "SL Tên món           Đ.Giá   T.Tiền", .. goods, "==============================", Row("Tạm tính:", Dong(sum)),
            .. off > 0 ? (string[])[Row("Giảm giá 10%:", Dong(off))] : [], .. fee > 0 ? (string[])[Row("Phí phục vụ 5%:", Dong(fee))] : [],
            Row("Tổng cộng:", Dong(total)), Row("MoMo:", Dong(total)), "Hẹn gặp lại!",
        ];
        return new(lines, total, fee > 0 ? [.. truth, (1, fee)] : [.. truth]);
    }

    /// <summary>One sale of litres, in one line or with a label on each.</summary>
    private static Rung Petrol(string layout, int number, Random random)
    {
        (string name, long price) = Fuels[random.Next(Fuels.Length)];
        decimal litres = random.Next(1_000, 60_000) / 1000m;
        long amount = (long)decimal.Round(litres * price, MidpointRounding.AwayFromZero);
        string[] goods = layout == "petrol labels"
            ? [$"Mặt hàng: {name}", $"Số lượng: {Quantity(litres)} lít", $"Đơn giá: {Dong(price)}", Row("Số tiền:", Dong(amount)), Row("Thành tiền:", Dong(amount))]
            : [name, Row($"  {Quantity(litres)} L x {Dong(price)}", Dong(amount)), "------------------------------", Row("TỔNG TIỀN:", Dong(amount))];
        string[] lines =
        [
            "CỬA HÀNG XĂNG DẦU SỐ 24", "MST 0301234567", $"Số phiếu: {number}", "Trụ 02  Vòi 3", "Thời gian: 21/07/2026 06:12:55", "------------------------------", .. goods,
            Row("Thuế GTGT 10%:", Dong(amount * 10 / 110)), "Cảm ơn quý khách",
        ];
        return new(lines, amount, [(litres, amount)]);
    }

    private static string Row(string left, string right) => left + right.PadLeft(Math.Max(right.Length + 1, 42 - left.Length));

    private static string Dong(long amount) => amount.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '.');

    private static string Quantity(decimal quantity) => quantity.ToString("0.###", CultureInfo.InvariantCulture).Replace('.', ',');
}
