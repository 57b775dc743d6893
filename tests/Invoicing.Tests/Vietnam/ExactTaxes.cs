using System.Numerics;
using Invoicing.Amounts;
using Invoicing.Sales;

namespace Invoicing.Tests.Vietnam;

/// <summary>The law's sums a second time, by rational arithmetic on whole numbers of any size and in another way: the oracle of the tests.</summary>
internal static class ExactTaxes
{
    /// <summary>Net and tax by the text of each rate, from the rule as it is stated and not as it is implemented.</summary>
    public static SortedDictionary<string, (BigInteger Net, BigInteger Tax)> Of(Sale sale)
    {
        var gross = sale.Lines.GroupBy(line => line.JudgedRate)
            .OrderBy(rate => rate.Key.Kind).ThenBy(rate => rate.Key.Hundredths)
            .Select(rate => (Rate: rate.Key, Sum: rate.Aggregate(BigInteger.Zero, (sum, line) => sum + line.Amount.Dong)))
            .ToList();
        BigInteger whole = gross.Aggregate(BigInteger.Zero, (sum, rate) => sum + rate.Sum);
        BigInteger discount = sale.ReceiptDiscount.Dong;
        BigInteger[] shares = [.. gross.Select(rate => whole.IsZero ? 0 : BigInteger.Divide(discount * rate.Sum, whole))];
        int missing = (int)(discount - shares.Aggregate(BigInteger.Zero, BigInteger.Add));
        foreach (int index in Enumerable.Range(0, gross.Count)
            .OrderByDescending(i => whole.IsZero ? 0 : discount * gross[i].Sum % whole) // a stable sort: ties stay in the order of rates
            .Take(missing))
        {
            shares[index]++;
        }

        SortedDictionary<string, (BigInteger Net, BigInteger Tax)> sums = new(StringComparer.Ordinal);
        for (int i = 0; i < gross.Count; i++)
        {
            sums.Add(gross[i].Rate.ToString(), Split(gross[i].Rate, gross[i].Sum - shares[i], sale.PricesIncludeTax));
        }

        return sums;
    }

    public static Money Total(Sale sale) =>
        new((long)Of(sale).Values.Aggregate(BigInteger.Zero, (sum, rate) => sum + rate.Net + rate.Tax));

    private static (BigInteger Net, BigInteger Tax) Split(TaxRate rate, BigInteger amount, bool includesTax)
    {
        if (includesTax)
        {
            BigInteger net = Rounded(amount * 10_000, 10_000 + rate.Hundredths);
            return (net, amount - net);
        }

        return (amount, Rounded(amount * rate.Hundredths, 10_000));
    }

    /// <summary>The whole number nearest to a fraction, halves upwards: doubled, so that a half is a whole number.</summary>
    private static BigInteger Rounded(BigInteger numerator, BigInteger denominator)
    {
        var floor = BigInteger.DivRem(numerator, denominator, out BigInteger rest);
        return 2 * rest >= denominator ? floor + 1 : floor;
    }
}
