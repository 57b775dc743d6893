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
            if (!IsTaxed(line))
            {
                continue;
            }

            TaxRate rate = line.JudgedRate;
            int at = 0;
            while (at < sums.Count && TaxBreakdown.Compare(sums[at].Rate, rate) < 0)
            {
                at++;
            }

            if (at < sums.Count && sums[at].Rate == rate)
            {
                CollectionsMarshal.AsSpan(sums)[at].Amount += line.Amount.Dong;
            }
            else
            {
                sums.Insert(at, (rate, line.Amount.Dong));
            }
        }

        return sums;
    }

    /// <summary>Whether a line belongs to the sum of a rate: promotions and notes come to nothing and may name no rate.</summary>
    public static bool IsTaxed(SaleLine line) => line.Nature is not (LineNature.Promotion or LineNature.Note);

    /// <summary>What an amount is without tax.</summary>
    /// <param name="amount">In đồng, of any sign.</param>
    /// <param name="rate">The rate that it contains.</param>
    public static long NetOf(long amount, TaxRate rate) => DivideRounded((Int128)amount * Whole, Whole + rate.Hundredths);

    /// <summary>The tax on an amount that contains none.</summary>
    /// <param name="amount">In đồng, of any sign.</param>
    /// <param name="rate">The rate.</param>
    public static long TaxOf(long amount, TaxRate rate) => DivideRounded((Int128)amount * rate.Hundredths, Whole);

    /// <summary>Takes the receipt's discount off the sums and works out the tax.</summary>
    /// <param name="sums">From <see cref="SumByRate"/>, none negative if there is a discount; changed by this call.</param>
    /// <param name="discount">In đồng, not negative, at most what the sums come to.</param>
    /// <param name="includeTax">Whether the sums contain tax.</param>
    public static TaxBreakdown Calculate(List<(TaxRate Rate, long Amount)> sums, long discount, bool includeTax)
    {
        Share(CollectionsMarshal.AsSpan(sums), discount);
        var taxes = new RateSum[sums.Count];
        for (int i = 0; i < taxes.Length; i++)
        {
            (TaxRate rate, long amount) = sums[i];
            long net = includeTax ? NetOf(amount, rate) : amount;
            long tax = includeTax ? amount - net : TaxOf(amount, rate);
            taxes[i] = new(rate, new(net), new(tax));
        }

        return new(taxes);
    }

    /// <summary>Takes the receipt's discount off the sums, as <see cref="Calculate"/> does.</summary>
    public static void TakeOff(List<(TaxRate Rate, long Amount)> sums, long discount) => Share(CollectionsMarshal.AsSpan(sums), discount);

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

    private static long DivideRounded(Int128 dividend, long divisor) =>
        (long)((dividend + (Int128.IsNegative(dividend) ? -(divisor / 2) : divisor / 2)) / divisor);
}
