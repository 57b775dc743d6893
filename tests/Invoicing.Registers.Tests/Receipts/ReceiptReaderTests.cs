using System.Text.Json;
using Invoicing.Amounts;
using Invoicing.Registers.Receipts;
using Invoicing.Sales;
using Invoicing.Settings;

namespace Invoicing.Registers.Tests.Receipts;

public sealed class ReceiptReaderTests
{
    private const string Cafe = """
        {
          "name": "cafe",
          "start": "^\\W*-{4,}\\W*$",
          "items": [
            { "line": "^(?<name>.*[a-z].*)\\s+{qty}\\s+{price}\\s+{amount}$" },
            { "line": "^(?<code>[0-9]{8})?\\s*(?<name>.*[a-z].*)$", "next": "^\\s*{qty}\\s*(?<unit>kg)?\\s*x\\s*{price}\\s*=\\s*{amount}(\\s+(?<rate>[0-9]+%|V))?$" },
          ],
          "itemDiscount": "^\\s+giảm\\W*{discount}$",
          "receiptDiscount": "^chiết khấu\\W*{amount}$",
          "subtotal": "^cộng tiền hàng\\W*{amount}$",
          "total": "^tổng cộng\\W*{amount}$",
          "payments": [ { "line": "^tiền mặt\\W*{amount}$" }, { "line": "^chuyển khoản\\W*{amount}$", "means": "transfer" } ],
          "change": "^thối lại\\W*{amount}$",
          "number": "^số hđ\\W*(?<number>\\S+)",
          "date": "^ngày\\W*(?<date>[0-9/]+)",
          "time": "(?<time>[0-9]{1,2}:[0-9]{2})",
          "cashier": "^thu ngân\\W*(?<cashier>.+)$",
          "other": "báo cáo ca",
          "rates": [ { "mark": "V", "rate": "10%" } ],
          "defaultRate": "8%"
        }
        """;

    private static readonly string[] Good =
    [
        "QUÁN CÀ PHÊ PHỐ", "Số HĐ: A-0017", "Ngày: 01/07/2026 15:04", "Thu ngân: Nguyễn Thị Hằng", "--------------------------------",
        "Cà phê sữa đá      2   25.000   50.000", "89345678 Phở bò đặc biệt", "   0,350 kg x 200.000 = 70.000 V", "   Giảm: 5.000",
        "Cộng tiền hàng                 115.000", "Chiết khấu                      15.000", "TỔNG CỘNG                     100.000đ",
        "Tiền mặt                       120.000", "Thối lại                        20.000",
    ];

    [Fact]
    public void A_receipt_becomes_the_sale_it_tells_of()
    {
        ReceiptReading reading = Read(Good);
        Assert.Equal((CaptureClass.Sale, "2 lines come to 100000"), (reading.Class, reading.Text));
        SaleKey key = new(new("TAP-1"), 7, 3);
        var sale = reading.ToSale(key, null);

        Assert.Equal(("A-0017", "A-0017", "Nguyễn Thị Hằng"), (sale.ReceiptNumber, reading.Key, sale.Cashier));
        Assert.Equal(new DateTimeOffset(2026, 7, 1, 15, 4, 0, TimeSpan.FromHours(7)), sale.ClosedAt);
        Assert.Equal((new Money(100_000), new Money(15_000), key), (sale.Total, sale.ReceiptDiscount, sale.Key));
        Assert.Equal([new Payment(PaymentMeans.Cash, new(100_000))], sale.Payments);
        Assert.Equal(
            [
                new() { Name = "Cà phê sữa đá", Quantity = 2, UnitPrice = 25_000, Amount = new(50_000), Rate = TaxRate.Eight },
                new()
                {
                    Code = "89345678", Name = "Phở bò đặc biệt", Unit = "kg", Quantity = 0.350m, UnitPrice = 200_000, Discount = new(5_000),
                    Amount = new(65_000), Rate = TaxRate.Ten,
                },
            ],
            sale.Lines.AsEnumerable());
    }

    [Fact]
    public void The_same_receipt_without_marks_reads_the_same() => Assert.Equal(
        Read(Good).Lines.Select(line => line.Amount),
        Read([.. Good.Select(Invoicing.Registers.Text.PlainLetters.Of)]).Lines.Select(line => line.Amount));

    [Theory]
    [InlineData("TỔNG CỘNG                     100.000đ", "TỔNG CỘNG  100.001", CaptureClass.TotalsDiffer, "115000 - discount 15000 = 100000, and the printed total is 100001")]
    [InlineData("Chiết khấu                      15.000", "", CaptureClass.TotalsDiffer, "115000 - discount 0 = 115000, and the printed total is 100000")]
    [InlineData("Cộng tiền hàng                 115.000", "Cộng tiền hàng 116.000", CaptureClass.TotalsDiffer, "lines come to 115000, and the printed subtotal is 116000")]
    [InlineData("Cà phê sữa đá      2   25.000   50.000", "Cà phê sữa đá 2 20.000 50.000", CaptureClass.TotalsDiffer, "'Cà phê sữa đá': 2 x 20000 is 40000, and 50000 is printed")]
    [InlineData("Tiền mặt                       120.000", "Tổng cộng 90.000", CaptureClass.TotalsDiffer, "expected one total, found 100000 and 90000")]
    [InlineData("TỔNG CỘNG                     100.000đ", "TỔNG CỘNG 100.00", CaptureClass.NotRead, "the total '100.00' is no amount")]
    [InlineData("TỔNG CỘNG                     100.000đ", "", CaptureClass.NotRead, "expected a line with the total, found none behind 2 lines")]
    [InlineData("--------------------------------", "", CaptureClass.NotRead, "expected lines of goods for the total of 100000, found none")]
    [InlineData("Số HĐ: A-0017", "", CaptureClass.NoReceiptNumber, "expected a receipt number, found none")]
    [InlineData("Số HĐ: A-0017", "Số HĐ: 123456789012345678901234567890123", CaptureClass.NoReceiptNumber, "at most 32 characters, found 33")]
    [InlineData("QUÁN CÀ PHÊ PHỐ", "BẢN SAO", CaptureClass.Copy, "'BAN SAO'")]
    [InlineData("QUÁN CÀ PHÊ PHỐ", "* * * COPY 2 * * *", CaptureClass.Copy, "COPY")]
    [InlineData("QUÁN CÀ PHÊ PHỐ", "(REPRINT)", CaptureClass.Copy, "REPRINT")]
    [InlineData("QUÁN CÀ PHÊ PHỐ", "IN LẠI LẦN 1", CaptureClass.Copy, "IN LAI")]
    [InlineData("QUÁN CÀ PHÊ PHỐ", "PHIẾU TẠM TÍNH", CaptureClass.ProForma, "TAM TINH")]
    [InlineData("QUÁN CÀ PHÊ PHỐ", "TẠM TÍNH", CaptureClass.ProForma, "TAM TINH")]
    [InlineData("QUÁN CÀ PHÊ PHỐ", "PHIẾU BẾP - BÀN 5", CaptureClass.Kitchen, "BEP")]
    [InlineData("QUÁN CÀ PHÊ PHỐ", "BẾP", CaptureClass.Kitchen, "BEP")]
    [InlineData("QUÁN CÀ PHÊ PHỐ", "BÁO CÁO CA 1", CaptureClass.Other, "BAO CAO")]
    public void What_is_no_sale_is_told_why(string line, string instead, CaptureClass expected, string sentence)
    {
        ReceiptReading reading = Read([.. Good.Select(l => l == line ? instead : l)]);

        Assert.Equal(expected, reading.Class);
        Assert.Contains(sentence, reading.Text, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => reading.ToSale(default, null));
    }

    [Fact]
    public void A_print_without_anything_of_a_receipt_is_another_thing() =>
        Assert.Equal(CaptureClass.Other, Read(["Xin chào", "printer test page"]).Class);

    [Fact]
    public void Goods_that_mention_a_mark_are_no_mark() =>
        Assert.Equal(CaptureClass.Sale, Read([.. Good.Select(line => line.Replace("Cà phê sữa đá", "Photo copy A4", StringComparison.Ordinal))]).Class);

    [Theory]
    [InlineData("ever", "A-0017")]
    [InlineData("year", "2026/A-0017")]
    [InlineData("month", "2026-07/A-0017")]
    [InlineData("day", "2026-07-01/A-0017")]
    public void Numbers_that_begin_again_are_told_apart_by_the_date(string scope, string key)
    {
        var template = ReceiptTemplate.Parse(Cafe.Replace("\"other\"", $"\"numberScope\": \"{scope}\", \"other\"", StringComparison.Ordinal), "test");

        Assert.Equal(key, new ReceiptReader(template).Read(Good).Key);
        Assert.Equal(
            scope == "ever" ? CaptureClass.Sale : CaptureClass.NoReceiptNumber,
            new ReceiptReader(template).Read([.. Good.Where(line => !line.StartsWith("Ngày", StringComparison.Ordinal))]).Class);
    }

    [Fact]
    public void Tax_is_added_where_prices_are_without_it()
    {
        ReceiptTemplate template = new()
        {
            Numbers = new(',', '.', 2),
            Items = [new(@"^(?<name>.*[a-z].*)\s+{amount}$")],
            PricesIncludeTax = false,
        };
        template = template.With(TemplatePart.Total, @"^total\W*{amount}$").With(TemplatePart.Tax, @"tax\s+{amount}$").With(TemplatePart.Number, "^no (?<number>.+)$");
        ReceiptReading reading = new ReceiptReader(template).Read(["No 1", "Tea 4.00", "Cake 8.95", "A local tax 1.30", "Total $ 14.25"]);

        Assert.Equal((CaptureClass.Sale, 1425, 130), (reading.Class, reading.Total!.Value.Dong, reading.Tax!.Value.Dong));
        Assert.Equal(
            "the lines come to 12.95 - discount 0.00 + tax 1.20 = 14.15, and the printed total is 14.25",
            new ReceiptReader(template).Read(["No 1", "Tea 4.00", "Cake 8.95", "A local tax 1.20", "Total $ 14.25"]).Text);
    }

    [Fact]
    public void Goods_given_back_and_discounts_already_taken_off_are_read()
    {
        ReceiptTemplate template = new()
        {
            Items = [new(@"^(?<name>.*[a-z].*)\s+{qty}\s+{price}\s+{amount}( ck {discount})?$")],
            AmountsAreAfterDiscount = true,
        };
        template = template.With(TemplatePart.Total, @"^tổng {amount}$").With(TemplatePart.Number, "^số (?<number>.+)$");
        ReceiptReading reading = new ReceiptReader(template).Read(["Số 1", "Áo 2 100.000 180.000 ck 20.000", "Trả áo 1 100.000 -100.000", "Tổng 80.000"]);

        Assert.Equal((CaptureClass.Sale, ""), (reading.Class, reading.Class == CaptureClass.Sale ? "" : reading.Text));
        Assert.Equal([(2m, 20_000L, 180_000L), (-1m, 0L, -100_000L)], reading.Lines.Select(l => (l.Quantity, l.Discount.Dong, l.Amount.Dong)));
    }

    [Fact]
    public void Payments_that_do_not_come_to_the_total_are_left_out()
    {
        Assert.Empty(Read([.. Good.Where(line => !line.StartsWith("Tiền mặt", StringComparison.Ordinal)), "Chuyển khoản 40.000"]).Payments);
        Assert.Equal(
            [new Payment(PaymentMeans.Cash, new(60_000)), new Payment(PaymentMeans.Transfer, new(40_000))],
            Read([.. Good.Select(line => line.Replace("120.000", "80.000", StringComparison.Ordinal)), "Chuyển khoản 40.000"]).Payments.AsEnumerable());
    }

    [Theory]
    [InlineData("1.234.567", '.', ',', 0, 1_234_567)]
    [InlineData("1,234,567", ',', '.', 0, 1_234_567)]
    [InlineData("12.95", ',', '.', 2, 1295)]
    [InlineData("-5.000", '.', ',', 0, -5000)]
    [InlineData("5.000-", '.', ',', 0, -5000)]
    [InlineData("(5.000)", '.', ',', 0, -5000)]
    [InlineData("12.500,00", '.', ',', 0, 12_500)]
    [InlineData("0", '.', ',', 0, 0)]
    [InlineData("999.999.999.999.999", '.', ',', 0, 999_999_999_999_999)]
    public void Amounts_are_read_as_the_till_writes_them(string text, char thousands, char mark, int minor, long expected)
    {
        Assert.True(new NumberFormat(thousands, mark, minor).TryAmount(text, out long amount));
        Assert.Equal(expected, amount);
    }

    [Theory]
    [InlineData("12.95")]
    [InlineData("1.2345")]
    [InlineData("1234.567")]
    [InlineData("12,5")]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1..000")]
    [InlineData("1.000.")]
    [InlineData("1.000.000.000.000.000")]
    [InlineData("١٢")]
    public void What_is_no_amount_of_the_format_is_not_read(string text) => Assert.False(new NumberFormat().TryAmount(text, out _));

    [Theory]
    [InlineData("0,350", 0.350)]
    [InlineData("0.350", 0.350)]
    [InlineData("1.500", 1500)]
    [InlineData("2", 2)]
    public void Quantities_below_one_have_a_fraction_whatever_its_mark(string text, double expected)
    {
        Assert.True(new NumberFormat().TryQuantity(text, out decimal quantity));
        Assert.Equal((decimal)expected, quantity);
    }

    [Fact]
    public void A_template_survives_being_written()
    {
        var template = ReceiptTemplate.Parse(Cafe, "test");
        string json = template.ToJson();

        Assert.Equal(json, ReceiptTemplate.Parse(json, "again").ToJson());
        Assert.Equal(Read(Good).Text, new ReceiptReader(ReceiptTemplate.Parse(json, "again")).Read(Good).Text);
        Assert.Contains("(?<name>", json, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json);
    }

    [Theory]
    [InlineData("\"itmes\": []", "key 'itmes': expected one of the keys")]
    [InlineData("\"total\": \"^total\"", "key 'total': expected a pattern with the group 'amount'")]
    [InlineData("\"total\": \"(\"", "key 'total': expected a regular expression")]
    [InlineData("\"total\": \"(?=x){amount}\"", "key 'total': expected a regular expression without look-around")]
    [InlineData("\"items\": [ { \"line\": \"{amount}\" } ]", "key 'items[0]': expected a group 'name'")]
    [InlineData("\"numberScope\": \"week\"", "key 'numberScope': expected one of ever, year, month, day, time, found 'week'")]
    [InlineData("\"defaultRate\": \"9%\"", "key 'defaultRate': expected a rate such as 8%")]
    [InlineData("\"numbers\": { \"decimal\": \".\" }", "key 'numbers.decimal': expected another mark")]
    public void A_template_that_cannot_be_used_is_told_why(string content, string sentence) => Assert.Contains(
        sentence, Assert.Throws<SettingsException>(() => ReceiptTemplate.Parse($"{{ {content} }}", "shop.json")).Message, StringComparison.Ordinal);

    private static ReceiptReading Read(string[] lines) => new ReceiptReader(ReceiptTemplate.Parse(Cafe, "test")).Read([.. lines.Where(line => line.Length > 0)]);
}
