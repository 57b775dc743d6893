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
        var gross = sale.Lines.Where(CountsForTax).GroupBy(line => line.JudgedRate)
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

    /// <summary>
    /// What each line comes to without tax: of each rate, the nearest whole number is dealt out one đồng at a time, each to the line that is
    /// furthest below its exact share, the first of equals.
    /// </summary>
    public static BigInteger[] LineNets(Sale sale)
    {
        var nets = new BigInteger[sale.Lines.Length];
        foreach (IGrouping<TaxRate, int> rate in Enumerable.Range(0, nets.Length).Where(i => CountsForTax(sale.Lines[i])).GroupBy(i => sale.Lines[i].JudgedRate))
        {
            int[] lines = [.. rate];
            BigInteger divisor = sale.PricesIncludeTax ? 10_000 + rate.Key.Hundredths : 10_000;
            BigInteger[] exact = [.. lines.Select(i => (BigInteger)sale.Lines[i].Amount.Dong * 10_000)];
            BigInteger[] given = [.. exact.Select(share => Floor(share, divisor))];
            BigInteger left = Rounded(exact.Aggregate(BigInteger.Add), divisor) - given.Aggregate(BigInteger.Add);
            for (; left > 0; left--)
            {
                int furthest = Enumerable.Range(0, lines.Length).MaxBy(k => exact[k] - (given[k] * divisor)); // the first of equals
                given[furthest]++;
            }

            for (int k = 0; k < lines.Length; k++)
            {
                nets[lines[k]] = given[k];
            }
        }

        return nets;
    }

    private static bool CountsForTax(SaleLine line) => (int)line.Nature is not (2 or 4); // promotion, note

    private static BigInteger Floor(BigInteger numerator, BigInteger denominator) =>
        BigInteger.DivRem(numerator, denominator, out BigInteger rest) - (rest.Sign < 0 ? 1 : 0);

    private static (BigInteger Net, BigInteger Tax) Split(TaxRate rate, BigInteger amount, bool includesTax)
    {
        if (includesTax)
        {
            BigInteger net = Rounded(amount * 10_000, 10_000 + rate.Hundredths);
            return (net, amount - net);
        }

        return (amount, Rounded(amount * rate.Hundredths, 10_000));
    }

    /// <summary>The whole number nearest to a fraction, halves away from zero: doubled, so that a half is a whole number.</summary>
    private static BigInteger Rounded(BigInteger numerator, BigInteger denominator)
    {
        var floor = BigInteger.DivRem(BigInteger.Abs(numerator), denominator, out BigInteger rest);
        return numerator.Sign * (2 * rest >= denominator ? floor + 1 : floor);
    }
}
