using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Invoicing.Amounts;

namespace Invoicing.Invoices;

/// <summary>The sums of an invoice by rate (THTTLTSuat).</summary>
/// <remarks>One sum for each rate, ordered by kind and then percentage, so that the order of lines changes nothing. Immutable.</remarks>
public sealed class TaxBreakdown
{
    /// <summary>Takes sums as they stand in an entry or come from a calculation.</summary>
    /// <param name="sums">One for each rate, in any order; kept in the order of rates.</param>
    /// <exception cref="ArgumentException">A rate occurs twice.</exception>
    /// <exception cref="OverflowException">The sums do not add up within the range of <see cref="Money"/>.</exception>
    public TaxBreakdown(IEnumerable<RateSum> sums)
    {
        ArgumentNullException.ThrowIfNull(sums);
        RateSum[] ordered = [.. sums];
        Array.Sort(ordered, static (left, right) => Compare(left.Rate, right.Rate));
        Sums = ImmutableCollectionsMarshal.AsImmutableArray(ordered);
        Money net = Money.Zero;
        Money tax = Money.Zero;
        for (int i = 0; i < Sums.Length; i++)
        {
            if (i > 0 && Sums[i].Rate == Sums[i - 1].Rate)
            {
                throw new ArgumentException($"expected one sum for each rate, found two for {Sums[i].Rate}", nameof(sums));
            }

            net += Sums[i].Net;
            tax += Sums[i].Tax;
        }

        Net = net;
        Tax = tax;
        Total = net + tax;
    }

    /// <summary>By rate.</summary>
    public ImmutableArray<RateSum> Sums { get; }

    /// <summary>All without tax (TgTCThue).</summary>
    public Money Net { get; }

    /// <summary>All tax (TgTThue).</summary>
    public Money Tax { get; }

    /// <summary>Both: the total of the receipt.</summary>
    public Money Total { get; }

    /// <summary>Whether two breakdowns hold the same sums.</summary>
    public bool HasSameSums(TaxBreakdown other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Sums.AsSpan().SequenceEqual(other.Sums.AsSpan());
    }

    /// <summary>The sums, for people: <c>8% 100000 + 8000</c>.</summary>
    public override string ToString() => string.Join(
        ", ", Sums.Select(sum => string.Create(CultureInfo.InvariantCulture, $"{sum.Rate} {sum.Net.Dong} + {sum.Tax.Dong}")));

    /// <summary>The order of rates that belongs to no receipt: by kind, then by percentage.</summary>
    internal static int Compare(TaxRate left, TaxRate right)
    {
        int byKind = left.Kind.CompareTo(right.Kind);
        return byKind != 0 ? byKind : left.Hundredths.CompareTo(right.Hundredths);
    }
}
