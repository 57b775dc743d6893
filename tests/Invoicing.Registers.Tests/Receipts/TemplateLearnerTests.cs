using Invoicing.Sales;
using System.Globalization;
using Invoicing.Amounts;
using Invoicing.Registers.EscPos.Pages;
using Invoicing.Registers.Receipts;
using Invoicing.Registers.Tests.EscPos;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Receipts;

public sealed class TemplateLearnerTests(ITestOutputHelper output)
{
    private static readonly string[] Goods = ["Cà phê sữa đá", "Bún chả Hà Nội", "Trà đào cam sả", "Bia 333", "Nước suối 500ml", "Phở bò tái"];

    [Theory]
    [InlineData("name amount")]
    [InlineData("name qty price amount")]
    [InlineData("two lines")]
    [InlineData("qty name amount")]
    [InlineData("heading and discount")]
    [InlineData("english")]
    public void A_till_is_learned_from_its_receipts(string layout) => Seeded.Run(4, random =>
    {
        List<(string[] Lines, long Total, int Count)> receipts = [.. Enumerable.Range(1, 5).Select(i => Print(layout, (1000 * i) + random.Next(1000), random))];
        LearnedTemplate learned = TemplateLearner.Learn([.. receipts.Select(receipt => receipt.Lines)], layout);

        Assert.All(learned.Readings.Zip(receipts), pair =>
        {
            Assert.True(pair.First.Class == CaptureClass.Sale, $"{pair.First.Class}: {pair.First.Text}\n{learned.Template.ToJson()}\n{string.Join('\n', pair.Second.Lines)}");
            Assert.Equal(pair.Second.Total, pair.First.Total!.Value.Dong);
            Assert.Equal(pair.Second.Count, pair.First.Lines.Length);
        });
        var again = ReceiptTemplate.Parse(learned.Template.ToJson(), "learned");
        Assert.Equal(learned.Readings[0].Text, new ReceiptReader(again).Read(receipts[0].Lines).Text);
    });

    [Fact]
    public void A_receipt_that_cannot_be_learned_shows_what_is_missing()
    {
        LearnedTemplate learned = TemplateLearner.Learn([["Hello", "Milk 3.000", "Sum is 3.000"]], "x");

        Assert.Equal(0, learned.AddUp);
        Assert.Equal(CaptureClass.NotRead, learned.Readings[0].Class);
        Assert.Throws<ArgumentException>(() => TemplateLearner.Learn([], "x"));
    }

    /// <summary>Below the last goods a discount adds up as theirs and as the receipt's; the printed sum of the goods says whose it is.</summary>
    [Theory]
    [InlineData(108_000, 0)]
    [InlineData(120_000, 12_000)]
    public void A_discount_below_the_last_goods_is_whose_the_subtotal_says(long subtotal, long onWhole)
    {
        string[][] receipts = [.. Enumerable.Range(1, 3).Select(i => (string[])
            [$"Số HĐ: {i:000000}", "----------------", "Trà đào  1  20.000  20.000", "Bún chả  2  50.000  100.000", "   Khuyến mãi -12.000", "----------------",
                $"Tiền hàng {Dong(subtotal)}", "Tổng cộng 108.000"])];
        LearnedTemplate learned = TemplateLearner.Learn(receipts, "x");

        Assert.Equal(3, learned.AddUp);
        Assert.Equal((new Money(onWhole), new Money(12_000 - onWhole)), (learned.Readings[0].ReceiptDiscount, learned.Readings[0].Lines[^1].Discount));
        string[] otherwise = [.. receipts[0].Select(line => line.StartsWith("Tiền hàng", StringComparison.Ordinal) ? $"Tiền hàng {Dong(228_000 - subtotal)}" : line)];
        Assert.Equal(CaptureClass.TotalsDiffer, new ReceiptReader(learned.Template).Read(otherwise).Class);
    }

    /// <summary>The public receipt, where it lies beside the checkout; else one of our own with the same figures.</summary>
    [Fact]
    public void Four_items_subtotal_tax_and_total_of_a_foreign_receipt_are_extracted()
    {
        string? real = RealStreamTests.RealReceipt;
        byte[] job = real is null ? Foreign() : File.ReadAllBytes(real);
        ReceiptTemplate template = new()
        {
            Name = "example mart",
            Numbers = new(',', '.', 2),
            Items = [new(@"^(?<name>.*[a-z].*)\s+{amount}$")],
            PricesIncludeTax = false,
        };
        template = template.With(TemplatePart.Start, @"^\s*\$$").With(TemplatePart.Subtotal, @"^subtotal\s+{amount}$")
            .With(TemplatePart.Tax, @"\btax\s+{amount}$").With(TemplatePart.Total, @"^\s*total\W+{amount}$")
            .With(TemplatePart.Number, @"^\w+day (?<number>.+)$");
        IReadOnlyList<string> lines = PageReader.Read(job, new()).Lines;
        ReceiptReading reading = new ReceiptReader(ReceiptTemplate.Parse(template.ToJson(), "test")).Read(lines);

        Assert.Equal(
            [("Example item #1", 400L), ("Another thing", 350L), ("Something else", 100L), ("A final item", 445L)],
            reading.Lines.Select(line => (line.Name, line.Amount.Dong)));
        Assert.Equal((1295L, 130L, 1425L), (reading.Subtotal!.Value.Dong, reading.Tax!.Value.Dong, reading.Total!.Value.Dong));
        Assert.Equal((CaptureClass.Sale, 0), (reading.Class, PageReader.Read(job, new()).Unknown));
        LearnedTemplate learned = TemplateLearner.Learn([lines], "learned");
        Assert.Equal((1, 4), (learned.AddUp, learned.Readings[0].Lines.Length));
        output.WriteLine($"escpos receipt: {real ?? "the project's own"}: 4 items, subtotal 12.95, tax 1.30, total 14.25");
    }

    private static byte[] Foreign() => new JobScript().Init().Raster(38, 20).Lines("ExampleMart Ltd.", "Shop No. 42.", "SALES INVOICE")
        .Columns(string.Empty, "$").Columns("Example item #1", "4.00").Columns("Another thing", "3.50").Columns("Something else", "1.00")
        .Columns("A final item", "4.45").Columns("Subtotal", "12.95").Columns("A local tax", "1.30").Raw(0x1B, (byte)'!', 0x20)
        .Columns("Total", "$ 14.25", 24).Raw(0x1B, (byte)'!', 0).Lines("Thank you", "Monday 6th of April 2015 02:56:25 PM").Cut().Pulse().Bytes;

    private static (string[] Lines, long Total, int Count) Print(string layout, int number, Random random)
    {
        List<string> goods = [];
        long total = 0;
        int count = random.Next(1, 6);
        for (int i = 0; i < count; i++)
        {
            string name = Goods[random.Next(Goods.Length)];
            int quantity = layout is "name amount" ? 1 : random.Next(1, 5);
            long price = random.Next(3, 90) * 1000;
            total += quantity * price;
            goods.AddRange(layout switch
            {
                "name amount" or "english" => [$"{name,-24}{Dong(quantity * price),12}"],
                "two lines" => [name, $"   {quantity} x {Dong(price)} = {Dong(quantity * price)}"],
                "qty name amount" => [$"{quantity} x {name,-24}{Dong(quantity * price),12}"],
                _ => [$"{name,-20} {quantity,3} {Dong(price),9} {Dong(quantity * price),10}"],
            });
        }

        string[] head = ["QUÁN PHỐ", "12 Hàng Bài, ĐT 024 3825 1234", $"Số HĐ: {number:000000}", "Ngày: 01/07/2026 15:04", "Bàn: 5"];
        if (layout == "english")
        {
            return (["PHO HOUSE", $"Receipt No: {number}", "------------------------", .. goods, "------------------------", $"TOTAL {Dong(total),20}", $"Cash {Dong(total)}"], total, count);
        }

        if (layout != "heading and discount")
        {
            return ([.. head, "--------------------------------", .. goods, "--------------------------------", $"Tổng cộng: {Dong(total)}đ", "Cảm ơn quý khách"], total, count);
        }

        long off = total / 10;
        return (
            [.. head, "Tên hàng           SL   Đ.Giá    T.Tiền", .. goods, $"Tiền hàng {Dong(total)}", $"Giảm giá {Dong(off)}", $"Thanh toán {Dong(total - off)}", "VAT 0"],
            total - off, count);
    }

    private static string Dong(long amount) => amount.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '.');
}
