using System.Numerics;
using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Testing;
using Invoicing.Tests.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Tests.Vietnam;

public sealed class TaxCalculationTests
{
    /// <summary>Worked by hand: gross, hundredths of a percent, net, tax.</summary>
    [Theory]
    [InlineData(108_000, 800, 100_000, 8_000)]
    [InlineData(110_000, 1000, 100_000, 10_000)]
    [InlineData(110_000, 800, 101_852, 8_148)] // 101,851.85
    [InlineData(100_000, 1000, 90_909, 9_091)] // 90,909.09
    [InlineData(100_000, 500, 95_238, 4_762)] // 95,238.095
    [InlineData(100_000, 0, 100_000, 0)]
    [InlineData(1, 1000, 1, 0)] // 0.909
    [InlineData(0, 1000, 0, 0)]
    [InlineData(6, 1000, 5, 1)] // 5.4545
    public void Tax_is_what_is_left_of_the_gross_when_the_net_is_rounded(long gross, int hundredths, long net, long tax) =>
        Assert.Equal(
            new RateSum(TaxRate.Of(TaxRateKind.Percent, hundredths), new(net), new(tax)),
            Assert.Single(Taxes(true, 0, (TaxRate.Of(TaxRateKind.Percent, hundredths), gross)).Sums));

    [Theory]
    [InlineData(100_000, 800, 8_000)]
    [InlineData(5, 1000, 1)] // 0.5: halves go up
    [InlineData(4, 1000, 0)]
    [InlineData(31, 500, 2)] // 1.55
    [InlineData(30, 500, 2)] // 1.5
    [InlineData(29, 500, 1)] // 1.45
    public void Tax_on_prices_without_it_is_rounded_once_for_each_rate(long net, int hundredths, long tax) =>
        Assert.Equal(
            new RateSum(TaxRate.Of(TaxRateKind.Percent, hundredths), new(net), new(tax)),
            Assert.Single(Taxes(false, 0, (TaxRate.Of(TaxRateKind.Percent, hundredths), net)).Sums));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_not_subject_or_not_declared_bears_no_tax(bool includeTax)
    {
        TaxBreakdown taxes = Taxes(includeTax, 0, (TaxRate.NotSubject, 777), (TaxRate.NotDeclared, 333), (TaxRate.Zero, 1));

        Assert.Equal(Money.Zero, taxes.Tax);
        Assert.Equal([TaxRate.Zero, TaxRate.NotSubject, TaxRate.NotDeclared], taxes.Sums.Select(sum => sum.Rate));
    }

    [Fact]
    public void The_receipts_discount_is_shared_by_largest_remainder_and_ties_go_by_rate()
    {
        // 10 over 1/3 each: 3, 3, 3 and one more for the lowest rate.
        TaxBreakdown even = Taxes(true, 10, (TaxRate.NotSubject, 100), (TaxRate.NotDeclared, 100), (TaxRate.Zero, 100));
        Assert.Equal([90, 0, 96, 97, 97], [even.Sums.Length * 30, even.Tax.Dong, .. even.Sums.Select(sum => sum.Net.Dong)]);

        // 10 over 50, 30, 21 of 101: 4.95, 2.97, 2.08 give 4, 2, 2, and the two missing go to the first two.
        TaxBreakdown uneven = Taxes(true, 10, (TaxRate.NotSubject, 21), (TaxRate.Zero, 50), (TaxRate.NotDeclared, 30));
        Assert.Equal([45, 19, 27], uneven.Sums.Select(sum => sum.Net.Dong));
    }

    [Fact]
    public void A_discount_of_all_leaves_nothing_and_no_tax()
    {
        TaxBreakdown taxes = Taxes(true, 333, (TaxRate.Eight, 111), (TaxRate.Ten, 222));

        Assert.Equal((Money.Zero, Money.Zero), (taxes.Net, taxes.Tax));
        Assert.Equal(2, taxes.Sums.Length);
    }

    [Fact]
    public void The_largest_receipt_of_all_is_exact()
    {
        SaleLine line = SomeSales.Line("Vàng", 1, 999_999_999_999_999, TaxRate.Ten);
        Sale sale = SomeSales.Coffee() with
        {
            Lines = [.. Enumerable.Repeat(line, InvoiceRules.MaxLines / 2), .. Enumerable.Repeat(line with { Rate = TaxRate.Other(9999) }, InvoiceRules.MaxLines / 2)],
            ReceiptDiscount = new(499_999_999_999_999_500 - 7),
        };

        TaxBreakdown taxes = TaxCalculation.Calculate(TaxCalculation.SumByRate(sale), sale.ReceiptDiscount.Dong, includeTax: true);

        Assert.Equal(7, taxes.Total.Dong);
        AssertExact(sale, taxes);
        sale = sale with { ReceiptDiscount = new(3), PricesIncludeTax = false };
        AssertExact(sale, TaxCalculation.Calculate(TaxCalculation.SumByRate(sale), 3, includeTax: false));
    }

    [Fact]
    public void Sums_agree_with_exact_arithmetic_and_with_the_total() => Seeded.Run(1_000, random =>
    {
        Sale sale = SomeSales.Any(random, ExactTaxes.Total);

        TaxBreakdown taxes = TaxCalculation.Calculate(TaxCalculation.SumByRate(sale), sale.ReceiptDiscount.Dong, sale.PricesIncludeTax);

        AssertExact(sale, taxes);
        if (sale.PricesIncludeTax)
        {
            Assert.Equal(sale.Lines.Sum(line => line.Amount.Dong) - sale.ReceiptDiscount.Dong, taxes.Total.Dong);
        }
    });

    [Fact]
    public void The_order_of_lines_changes_no_sum() => Seeded.Run(1_000, random =>
    {
        Sale sale = SomeSales.Any(random, ExactTaxes.Total);
        if (random.Next(2) == 0)
        {
            // Equal lines of different rates and a discount that does not divide: here ties decide.
            TaxRate[] rates = [TaxRate.Eight, TaxRate.Ten, TaxRate.Five];
            sale = sale with { Lines = [.. rates.Select(rate => SomeSales.Line("Bánh", 1, 10_000, rate))], ReceiptDiscount = new(random.Next(1, 30_000)) };
        }

        TaxBreakdown taxes = TaxCalculation.Calculate(TaxCalculation.SumByRate(sale), sale.ReceiptDiscount.Dong, sale.PricesIncludeTax);
        for (int i = 0; i < 5; i++)
        {
            Sale shuffled = sale.Shuffled(random);
            Assert.True(taxes.HasSameSums(
                TaxCalculation.Calculate(TaxCalculation.SumByRate(shuffled), sale.ReceiptDiscount.Dong, sale.PricesIncludeTax)));
        }
    });

    [Fact]
    public void Golden_vectors_are_reproduced()
    {
        foreach (TaxVector vector in GoldenVectors.Read<TaxVector>("taxes", "taxes-1.json"))
        {
            TaxBreakdown taxes = Taxes(vector.IncludeTax, vector.Discount, [.. vector.Lines.Select(line => (Rate(line.Rate), line.Amount))]);

            Assert.Equal(
                vector.Sums,
                taxes.Sums.Select(sum => new TaxVectorSum(sum.Rate.ToString(), sum.Net.Dong, sum.Tax.Dong)));
        }
    }

    private static TaxRate Rate(string text) =>
        SomeSales.Rates.Single(rate => string.Equals(rate.ToString(), text, StringComparison.Ordinal));

    private static void AssertExact(Sale sale, TaxBreakdown taxes) => Assert.Equal(
        ExactTaxes.Of(sale).Select(rate => (rate.Key, rate.Value.Net, rate.Value.Tax)),
        taxes.Sums.Select(sum => (sum.Rate.ToString(), (BigInteger)sum.Net.Dong, (BigInteger)sum.Tax.Dong)).OrderBy(sum => sum.Item1, StringComparer.Ordinal));

    private static TaxBreakdown Taxes(bool includeTax, long discount, params (TaxRate Rate, long Amount)[] lines)
    {
        Sale sale = SomeSales.Coffee() with { Lines = [.. lines.Select(line => SomeSales.Line("Hàng", 1, line.Amount, line.Rate))] };
        return TaxCalculation.Calculate(TaxCalculation.SumByRate(sale), discount, includeTax);
    }

    internal sealed record TaxVector(
        string What, bool IncludeTax, long Discount, IReadOnlyList<TaxVectorLine> Lines, IReadOnlyList<TaxVectorSum> Sums);

    internal sealed record TaxVectorLine(string Rate, long Amount);

    internal sealed record TaxVectorSum(string Rate, long Net, long Tax);
}
