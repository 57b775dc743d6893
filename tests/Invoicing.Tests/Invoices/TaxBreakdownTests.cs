using Invoicing.Amounts;
using Invoicing.Invoices;

namespace Invoicing.Tests.Invoices;

public sealed class TaxBreakdownTests
{
    private static readonly RateSum Eight = new(TaxRate.Eight, new(100), new(8));
    private static readonly RateSum Ten = new(TaxRate.Ten, new(1_000), new(100));
    private static readonly RateSum None = new(TaxRate.NotSubject, new(5), Money.Zero);

    [Fact]
    public void Sums_are_kept_in_the_order_of_rates_and_added_up()
    {
        TaxBreakdown taxes = new([None, Ten, Eight]);

        Assert.Equal([Eight, Ten, None], taxes.Sums);
        Assert.Equal((new Money(1_105), new Money(108), new Money(1_213)), (taxes.Net, taxes.Tax, taxes.Total));
        Assert.True(taxes.HasSameSums(new TaxBreakdown([Eight, None, Ten])));
        Assert.False(taxes.HasSameSums(new TaxBreakdown([Eight, Ten])));
        Assert.False(taxes.HasSameSums(new TaxBreakdown([Eight, Ten, None with { Net = new(6) }])));
        Assert.Equal("8% 100 + 8, 10% 1000 + 100, KCT 5 + 0", taxes.ToString());
    }

    [Fact]
    public void A_rate_stands_once() => Assert.Throws<ArgumentException>(() => new TaxBreakdown([Eight, Ten, Eight]));

    [Fact]
    public void Sums_that_do_not_fit_throw() => Assert.Throws<OverflowException>(
        () => new TaxBreakdown([new(TaxRate.Eight, new(long.MaxValue), new(1))]));
}
