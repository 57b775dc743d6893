namespace Invoicing.Amounts;

/// <summary>Quantities and unit prices: at most six decimals, as the law's formats allow.</summary>
/// <remarks>Source: Decision 1271/QĐ-CT, Part I.IV: 21 digits in all, at most 6 of them decimals.</remarks>
public static class SixDecimals
{
    /// <summary>Millionths in one.</summary>
    public const int Scale = 1_000_000;

    /// <summary>Largest magnitude: 15 digits before the point and 6 behind it make the law's 21.</summary>
    public const decimal Limit = 999_999_999_999_999.999999m;

    /// <summary>Whether a value is exact to six decimals and within <see cref="Limit"/>.</summary>
    public static bool Fits(decimal value) => decimal.Abs(value) <= Limit && decimal.Round(value, 6) == value;

    /// <summary>Splits into whole units and millionths that share the value's sign.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value does not <see cref="Fits">fit</see>.</exception>
    public static (long Units, int Micros) Split(decimal value)
    {
        if (!Fits(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"expected at most 6 decimals and a magnitude of at most {Limit}");
        }

        decimal units = decimal.Truncate(value);
        return ((long)units, (int)((value - units) * Scale));
    }

    /// <summary>Joins what <see cref="Split"/> took apart.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Millionths outside ±999,999, or of the other sign than the units.</exception>
    public static decimal Join(long units, int micros)
    {
        if (Math.Abs((long)micros) >= Scale || (units > 0 && micros < 0) || (units < 0 && micros > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(micros), micros, "expected -999,999..999,999 with the sign of the units");
        }

        return units + (micros / (decimal)Scale);
    }
}
