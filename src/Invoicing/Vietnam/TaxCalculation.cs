using System.Runtime.InteropServices;
using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Vietnam;

/// <summary>The sums of a receipt by rate: the one place where tax is rounded.</summary>
/// <remarks>
/// <para>
/// Amounts of lines are added up by rate. The receipt's discount is shared out over the rates in proportion to these sums, by largest
/// remainder, ties by the order of rates (not of lines: two equal lines of different rates would else change the sums with their order).
/// Prices with tax: net = round(gross × 100 / (100 + rate)), tax = gross − net, so net and tax add up to the printed total whatever the
/// rounding. Prices without tax: tax = round(net × rate). Halves are rounded away from zero. KCT and KKKNT bear no tax.
/// </para>
/// <para>Source: Decision 1271/QĐ-CT, Part IV (whole đồng); Law 48/2024/QH15, Art. 7 (taxable price = price with tax / (1 + rate)).</para>
/// </remarks>
internal static class TaxCalculation
{
    private const int Whole = 10_000; // hundredths of a percent in 100 %

    /// <summary>Adds up the lines by rate, in the order of rates and before the receipt's discount.</summary>
    /// <exception cref="OverflowException">A sum does not fit.</exception>
    public static List<(TaxRate Rate, long Amount)> SumByRate(Sale sale)
    {
        var sums = new List<(TaxRate Rate, long Amount)>(4);
        foreach (SaleLine line in sale.Lines)
        {
            int at = 0;
            while (at < sums.Count && TaxBreakdown.Compare(sums[at].Rate, line.Rate) < 0)
            {
                at++;
            }

            if (at < sums.Count && sums[at].Rate == line.Rate)
            {
                CollectionsMarshal.AsSpan(sums)[at].Amount += line.Amount.Dong;
            }
            else
            {
                sums.Insert(at, (line.Rate, line.Amount.Dong));
            }
        }

        return sums;
    }

    /// <summary>Takes the receipt's discount off the sums and works out the tax.</summary>
    /// <param name="sums">From <see cref="SumByRate"/>, none negative; changed by this call.</param>
    /// <param name="discount">In đồng, not negative, at most what the sums come to.</param>
    /// <param name="includeTax">Whether the sums contain tax.</param>
    public static TaxBreakdown Calculate(List<(TaxRate Rate, long Amount)> sums, long discount, bool includeTax)
    {
        Share(CollectionsMarshal.AsSpan(sums), discount);
        var taxes = new RateSum[sums.Count];
        for (int i = 0; i < taxes.Length; i++)
        {
            (TaxRate rate, long amount) = sums[i];
            long net = includeTax ? DivideRounded((Int128)amount * Whole, Whole + rate.Hundredths) : amount;
            long tax = includeTax ? amount - net : DivideRounded((Int128)amount * rate.Hundredths, Whole);
            taxes[i] = new(rate, new(net), new(tax));
        }

        return new(taxes);
    }

    /// <summary>Takes <paramref name="discount"/> off the sums in proportion, to the đồng, by largest remainder.</summary>
    private static void Share(Span<(TaxRate Rate, long Amount)> sums, long discount)
    {
        if (discount == 0)
        {
            return;
        }

        Int128 whole = 0;
        foreach ((TaxRate Rate, long Amount) sum in sums)
        {
            whole += sum.Amount;
        }

        long left = discount;
        var remainders = new Int128[sums.Length];
        for (int i = 0; i < sums.Length; i++)
        {
            (Int128 share, remainders[i]) = Int128.DivRem((Int128)discount * sums[i].Amount, whole);
            sums[i].Amount -= (long)share;
            left -= (long)share;
        }

        // Fewer đồng are left than there are remainders above zero, so each rate gives at most one more and none falls below zero.
        for (; left > 0; left--)
        {
            int largest = 0;
            for (int i = 1; i < remainders.Length; i++)
            {
                largest = remainders[i] > remainders[largest] ? i : largest;
            }

            sums[largest].Amount--;
            remainders[largest] = -1;
        }
    }

    private static long DivideRounded(Int128 dividend, long divisor) => (long)((dividend + (divisor / 2)) / divisor);
}
