using System.Globalization;

namespace Invoicing.Amounts;

/// <summary>An amount in whole Vietnamese đồng.</summary>
/// <remarks>
/// Resolution one đồng; range that of <see cref="long"/>; <c>default</c> is zero; immutable, so safe for any thread. Arithmetic is
/// checked: what does not fit throws <see cref="OverflowException"/>. Negative amounts are returns and discounts.
/// Source: design.md 5.11; Decision 1271/QĐ-CT, Part IV (totals payable are whole đồng).
/// </remarks>
/// <param name="Dong">The amount, in đồng.</param>
public readonly record struct Money(long Dong) : IComparable<Money>
{
    /// <summary>Nothing.</summary>
    public static Money Zero => default;

    /// <summary>Sum of two amounts.</summary>
    /// <exception cref="OverflowException">The sum does not fit.</exception>
    public static Money operator +(Money left, Money right) => new(left.Dong + right.Dong);

    /// <summary>Difference of two amounts.</summary>
    /// <exception cref="OverflowException">The difference does not fit.</exception>
    public static Money operator -(Money left, Money right) => new(left.Dong - right.Dong);

    /// <summary>The amount with its sign turned.</summary>
    /// <exception cref="OverflowException">The amount is <see cref="long.MinValue"/>.</exception>
    public static Money operator -(Money amount) => new(-amount.Dong);

    /// <summary>Less.</summary>
    public static bool operator <(Money left, Money right) => left.Dong < right.Dong;

    /// <summary>More.</summary>
    public static bool operator >(Money left, Money right) => left.Dong > right.Dong;

    /// <summary>Less or equal.</summary>
    public static bool operator <=(Money left, Money right) => left.Dong <= right.Dong;

    /// <summary>More or equal.</summary>
    public static bool operator >=(Money left, Money right) => left.Dong >= right.Dong;

    /// <summary>Same as <c>+</c>.</summary>
    public static Money Add(Money left, Money right) => left + right;

    /// <summary>Same as <c>-</c>.</summary>
    public static Money Subtract(Money left, Money right) => left - right;

    /// <summary>Same as unary <c>-</c>.</summary>
    public static Money Negate(Money amount) => -amount;

    /// <summary>Rounds to whole đồng, halves away from zero.</summary>
    /// <param name="amount">An amount in đồng with a fraction.</param>
    /// <exception cref="OverflowException">The result does not fit.</exception>
    public static Money Round(decimal amount) => new(checked((long)decimal.Round(amount, 0, MidpointRounding.AwayFromZero)));

    /// <inheritdoc/>
    public int CompareTo(Money other) => Dong.CompareTo(other.Dong);

    /// <summary>The amount with its unit, for people: <c>120000 ₫</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Dong} ₫");
}
