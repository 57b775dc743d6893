using System.Numerics;
using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Testing;
using Invoicing.Tests.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Tests.Vietnam;

/// <summary>What holds for every sale, on a thousand random ones a run. A failure names its seed (<see cref="Seeded"/>).</summary>
public sealed class ThousandSalesTests
{
    private const int Sales = 1_000;

    [Fact]
    public void The_sales_are_of_everything_that_the_law_knows()
    {
        HashSet<string> seen = [];
        Seeded.Run(Sales, random =>
        {
            (Sale sale, InvoiceKind kind) = AnySale.Make(random);
            seen.UnionWith(
                [
                    $"kind {kind}", $"tax {sale.PricesIncludeTax}", $"discount {sale.ReceiptDiscount != Money.Zero}",
                    .. sale.Lines.SelectMany(line => new[] { $"{line.Nature}", $"{line.Rate?.Kind}", $"line discount {line.Discount != Money.Zero}", $"void {line.Quantity < 0}" }),
                ]);
        });

        if (Environment.GetEnvironmentVariable(Seeded.Variable) is null)
        {
            Assert.Equal(4 + 2 + 2 + 5 + 5 + 2 + 2, seen.Count);
        }
    }

    [Fact]
    public void Every_sale_becomes_an_invoice_whose_sums_are_those_of_exact_arithmetic() => Seeded.Run(Sales, random =>
    {
        (Sale sale, InvoiceKind kind) = AnySale.Make(random);

        Invoice invoice = Issue(sale, kind);

        Assert.Equal(
            ExactTaxes.Of(AnySale.Rated(sale)).Select(rate => (rate.Key, rate.Value.Net, rate.Value.Tax)),
            Sums(invoice).Select(sum => (sum.Rate.ToString(), (BigInteger)sum.Net.Dong, (BigInteger)sum.Tax.Dong)).OrderBy(sum => sum.Item1, StringComparer.Ordinal));
        Assert.Equal(sale.Total, invoice.Taxes.Total);
        Assert.Empty(InvoiceRules.Judge(invoice));
    });

    [Fact]
    public void The_lines_without_tax_are_those_of_exact_arithmetic_and_less_the_discount_come_to_each_rates_sum() => Seeded.Run(Sales, random =>
    {
        (Sale sale, InvoiceKind kind) = AnySale.Make(random);
        Invoice invoice = Issue(sale, kind);

        var nets = LineNets.Of(invoice);

        Assert.Equal(ExactTaxes.LineNets(AnySale.Rated(sale)), nets.Lines.Select(net => (BigInteger)net.Dong));
        foreach (RateSum sum in Sums(invoice))
        {
            long lines = invoice.Sale.Lines.Select((line, i) => (line, net: nets.Lines[i]))
                .Where(l => l.line.Nature is not (LineNature.Promotion or LineNature.Note) && l.line.Rate == sum.Rate).Sum(l => l.net.Dong);
            long discount = nets.Discounts.Where(d => d.Rate == sum.Rate).Sum(d => d.Net.Dong);
            Assert.Equal(sum.Net.Dong, lines - discount);
        }

        Assert.True(sale.ReceiptDiscount != Money.Zero || nets.Discounts.IsEmpty);
        Assert.All(nets.Discounts, discount => Assert.True(discount.Net > Money.Zero && discount.Tax >= Money.Zero));
    });

    [Fact]
    public void The_order_of_lines_changes_no_total_and_no_sum() => Seeded.Run(Sales, random =>
    {
        (Sale sale, InvoiceKind kind) = AnySale.Make(random);
        Invoice invoice = Issue(sale, kind);
        for (int i = 0; i < 3; i++)
        {
            Invoice shuffled = Issue(sale.Shuffled(random), kind);
            Assert.True(invoice.Taxes.HasSameSums(shuffled.Taxes));
            Assert.Equal(invoice.Total, shuffled.Total);
            Assert.Equal(LineNets.Of(invoice).Lines.Sum(net => net.Dong), LineNets.Of(shuffled).Lines.Sum(net => net.Dong));
            Assert.Equal(LineNets.Of(invoice).Discounts, LineNets.Of(shuffled).Discounts);
        }
    });

    [Fact]
    public void All_of_a_sale_taken_back_has_its_sums_with_the_other_sign() => Seeded.Run(Sales, random =>
    {
        (Sale sale, InvoiceKind kind) = AnySale.Make(random);
        sale = sale with { ReceiptDiscount = Money.Zero, Payments = [] };
        sale = sale with { Total = ExactTaxes.Total(AnySale.Rated(sale)) };

        Invoice invoice = Issue(sale, kind);
        Invoice back = Issue(AnySale.Negated(sale), kind, isAdjustment: true);

        Assert.Equal(Sums(invoice).Select(sum => new RateSum(sum.Rate, -sum.Net, -sum.Tax)), Sums(back));
        Assert.Equal(-invoice.Total, back.Total);
        Assert.Equal(ExactTaxes.LineNets(AnySale.Rated(back.Sale)), LineNets.Of(back).Lines.Select(net => (BigInteger)net.Dong));
        Assert.Equal(-LineNets.Of(invoice).Lines.Sum(net => net.Dong), LineNets.Of(back).Lines.Sum(net => net.Dong));
    });

    [Fact]
    public void Every_invoice_can_be_said_in_words_and_written_as_a_code() => Seeded.Run(Sales, random =>
    {
        (Sale sale, InvoiceKind kind) = AnySale.Make(random);
        Invoice invoice = Issue(sale, kind);

        Assert.Equal(invoice.Total.Dong, WordsInAmount.Read(AmountInWords.Of(invoice.Total)));
        Assert.Equal($"{invoice.Total.Dong}", QrReader.Read(TaxQrCode.Of(invoice, SomeSales.Shop).Write())["99.06"]);
    });

    private static RateSum[] Sums(Invoice invoice) => [.. invoice.Taxes.Sums];

    private static Invoice Issue(Sale sale, InvoiceKind kind, bool isAdjustment = false)
    {
        DraftResult result = InvoiceDrafting.Draft(sale, SomeSales.Shop, kind, SomeSales.Evening, isAdjustment: isAdjustment);
        Assert.True(result is DraftResult.Drafted, $"expected a draft, found {(result as DraftResult.Faulty)?.Faults[0]}");
        return ((DraftResult.Drafted)result).Draft
            .Number(new(new AuthorityCode(kind, 26, "A1B2C", 1), InvoiceSeries.Parse("C26MAA"), 1));
    }
}
