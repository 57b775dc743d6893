using System.Text;
using System.Text.RegularExpressions;
using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.NationalXml.Messages;
using Invoicing.Sales;
using Invoicing.Testing;

namespace Invoicing.NationalXml.Tests.Messages;

/// <summary>Whole files as they were looked through once, element by element, against the tables.</summary>
public sealed class GoldenTests(TestSeller seller) : IClassFixture<TestSeller>, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("2.0.1")]
    [InlineData("2.1.0")]
    [InlineData("2.1.1")]
    public void Invoices_are_written_as_they_were_looked_through(string version)
    {
        NationalInvoice[] invoices =
        [
            TestInvoices.Make(1, TwoRates()),
            TestInvoices.Make(2, WithDiscounts(), buyer: new()
            {
                Name = "Công ty Hoa Sen & Bạn",
                TaxCode = "0312270160",
                Address = "1 Lê Lợi",
                Person = "Lan",
                Email = "lan@example.vn",
                BudgetCode = "1234567",
            }),
            TestInvoices.Make(3, TwoRates(), InvoiceKind.Sales),
            TestInvoices.Make(4, TwoRates(), correction: TestInvoices.Correct(CorrectionType.Replacement)),
            TestInvoices.Make(5, TakenBack(), correction: TestInvoices.Correct(CorrectionType.Adjustment, "Trả lại hàng")),
        ];
        StringBuilder text = new();
        foreach (SignedMessage message in TestMessages.Make(seller.Key, invoices, version))
        {
            (bool isValid, string said) = PeerTools.XmlLint(version, PeerTools.Save(_folder, message));
            Assert.True(isValid, said);
            string xml = Encoding.UTF8.GetString(message.Bytes.Span);
            text.Append(Regex.Replace(xml, "<CKSNNT>.*</CKSNNT>", string.Empty).Replace("><", ">\n<", StringComparison.Ordinal)).Append('\n');
        }

        string path = RepositoryFolder.File("tests", "Invoicing.NationalXml.Tests", "Golden", $"invoices-{version}.xml.txt");
        if (Environment.GetEnvironmentVariable("INVOICING_WRITE_GOLDEN") == "1")
        {
            File.WriteAllText(path, text.ToString());
        }

        Assert.Equal(File.ReadAllText(path), text.ToString());
    }

    private static Sale TwoRates() => Sale(
        Line("Cà phê sữa đá", "ly", 2, 29_000, TaxRate.Eight), Line("Bia <lon>", "lon", 3, 20_000, TaxRate.Ten) with { Code = "893\"1" });

    private static Sale WithDiscounts() => Sale(
        Line("Gạo ST25", "kg", 1.255m, 38_000, TaxRate.Five) with { Discount = new(1_000), Amount = new(46_690) },
        Line("Bánh mì", "cái", 3, 15_000, TaxRate.Eight),
        Line("Quà tặng", "cái", 1, 5_000, TaxRate.Eight) with { Nature = LineNature.Promotion, Amount = Money.Zero },
        Line("Khách quen", string.Empty, 0, 0, TaxRate.Eight) with { Nature = LineNature.Note, Rate = null },
        Line("Chiết khấu", string.Empty, 0, 0, TaxRate.Eight) with { Nature = LineNature.TradeDiscount, Amount = new(-5_000) }) with
    {
        ReceiptDiscount = new(10_000),
        Total = new(76_690),
    };

    private static Sale TakenBack() => Sale(Line("Bánh mì", "cái", -2, 15_000, TaxRate.Eight));

    private static Sale Sale(params SaleLine[] lines) => new()
    {
        Key = new(new("SIM-0001"), 7, 1),
        Lines = [.. lines],
        Total = lines.Aggregate(Money.Zero, (sum, line) => sum + line.Amount),
    };

    private static SaleLine Line(string name, string unit, decimal quantity, decimal price, TaxRate rate) => new()
    {
        Name = name,
        Unit = unit,
        Quantity = quantity,
        UnitPrice = price,
        Rate = rate,
        Amount = Money.Round(quantity * price),
    };
}
