using System.Collections.Immutable;
using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Vietnam;

/// <summary>The lines of an invoice without tax, as the law's forms want them, so that they add up to the sums by rate.</summary>
/// <remarks>
/// <para>
/// Prices with tax: the net of a rate before the receipt's discount, round(gross × 100 / (100 + rate)), is shared out over its lines by
/// largest remainder, ties by line number. Prices without tax: the amounts as they are. The receipt's discount becomes one discount for
/// each rate: what is left between its lines and its sum. So for each rate: lines − discount = sum of the rate, to the đồng.
/// </para>
/// <para>Derived, never stored: anybody who has the invoice works out the same. Source: DECISIONS.md 12.</para>
/// </remarks>
public sealed class LineNets
{
    private const int Whole = 10_000; // hundredths of a percent in 100 %

    private LineNets(ImmutableArray<Money> lines, ImmutableArray<RateSum> discounts)
    {
        Lines = lines;
        Discounts = discounts;
    }

    /// <summary>For each line of the sale what it comes to without tax and after its own discount; 0 for promotions and notes.</summary>
    public ImmutableArray<Money> Lines { get; }

    /// <summary>The receipt's discount by rate, without tax and its tax; none where the receipt has no discount.</summary>
    public ImmutableArray<RateSum> Discounts { get; }

    /// <summary>Works them out.</summary>
    /// <param name="invoice">An invoice that keeps the rules.</param>
    public static LineNets Of(Invoice invoice)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        Sale sale = invoice.Sale;
        var nets = new Money[sale.Lines.Length];
        ImmutableArray<RateSum>.Builder discounts = ImmutableArray.CreateBuilder<RateSum>();
        foreach ((TaxRate rate, long gross) in TaxCalculation.SumByRate(sale))
        {
            long net = sale.PricesIncludeTax ? TaxCalculation.NetOf(gross, rate) : gross;
            ShareOut(sale, rate, net, nets);
            RateSum sum = invoice.Taxes.Sums.First(s => s.Rate == rate);
            if (sale.ReceiptDiscount != Money.Zero && net != sum.Net.Dong)
            {
                long tax = sale.PricesIncludeTax ? gross - net : TaxCalculation.TaxOf(gross, rate);
                discounts.Add(new(rate, new(net - sum.Net.Dong), new(tax - sum.Tax.Dong)));
            }
        }

        return new([.. nets], discounts.ToImmutable());
    }

    private static void ShareOut(Sale sale, TaxRate rate, long net, Money[] nets)
    {
        int divisor = sale.PricesIncludeTax ? Whole + rate.Hundredths : Whole;
        var remainders = new List<(Int128 Remainder, int Line)>();
        Int128 left = net;
        for (int i = 0; i < nets.Length; i++)
        {
            if (TaxCalculation.IsTaxed(sale.Lines[i]) && sale.Lines[i].JudgedRate == rate)
            {
                Int128 exact = (Int128)sale.Lines[i].Amount.Dong * Whole;
                Int128 remainder = ((exact % divisor) + divisor) % divisor;
                Int128 floor = (exact - remainder) / divisor;
                nets[i] = new((long)floor);
                left -= floor;
                remainders.Add((remainder, i));
            }
        }

        // Every floor is at most one đồng short, so no line gets more than one.
        foreach ((_, int line) in remainders.OrderByDescending(r => r.Remainder).ThenBy(r => r.Line).Take((int)left))
        {
            nets[line] += new Money(1);
        }
    }
}
