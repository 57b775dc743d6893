using System.Collections.Immutable;

namespace FirmwareSim.Baskets;

/// <summary>Splits a receipt by tax class. The receipt discount is spread in proportion to what each class comes to.</summary>
/// <remarks>
/// Shares are rounded down and the đồng left over go to the largest remainders (ties: the class that occurs first), so that no đồng is
/// lost. Net = gross · 100 / (100 + percent), rounded half away from zero; tax is the rest.
/// </remarks>
internal static class TaxBreakdown
{
    public static ImmutableArray<TaxTotal> Of(ImmutableArray<BasketLine> lines, long discount)
    {
        (TaxClass Class, long Gross)[] classes =
        [
            .. lines.GroupBy(line => line.Article.Class).Select(group => (group.Key, group.Sum(line => line.Amount))),
        ];
        long[] shares = Spread(discount, [.. classes.Select(item => item.Gross)]);
        ImmutableArray<TaxTotal>.Builder totals = ImmutableArray.CreateBuilder<TaxTotal>(classes.Length);
        for (int i = 0; i < classes.Length; i++)
        {
            long gross = classes[i].Gross - shares[i];
            decimal exact = gross * 100m / (100 + Article.PercentOf(classes[i].Class));
            long net = (long)decimal.Round(exact, MidpointRounding.AwayFromZero);
            totals.Add(new TaxTotal(classes[i].Class, net, gross - net));
        }

        return totals.MoveToImmutable();
    }

    private static long[] Spread(long discount, long[] weights)
    {
        long sum = weights.Sum();
        long[] shares = new long[weights.Length];
        var remainders = new Int128[weights.Length];
        long left = discount;
        for (int i = 0; i < weights.Length && discount > 0; i++)
        {
            Int128 product = (Int128)discount * weights[i];
            shares[i] = (long)(product / sum);
            remainders[i] = product % sum;
            left -= shares[i];
        }

        for (; left > 0; left--)
        {
            int most = Array.IndexOf(remainders, remainders.Max());
            shares[most]++;
            remainders[most] = -1;
        }

        return shares;
    }
}
