using System.Globalization;
using Invoicing.Amounts;

namespace Invoicing.Registers.Datecs;

/// <summary>Reads numbers as the registers print them: digits, at most one point, maybe a sign. Never rounds.</summary>
internal static class DatecsAmount
{
    private const NumberStyles Form = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite
        | NumberStyles.AllowTrailingWhite;

    /// <summary>Longest number: the law's 21 digits, sign and point.</summary>
    private const int MaxLength = 23;

    /// <summary>Reads an amount of money.</summary>
    /// <param name="text">As it came.</param>
    /// <param name="minorDigits">Digits behind the point that a number without a point carries.</param>
    /// <param name="money">The amount.</param>
    /// <returns>What was expected and found if it is no whole number of đồng; else <see langword="null"/>.</returns>
    public static string? TryMoney(string text, int minorDigits, out Money money)
    {
        money = default;
        if (!TryNumber(text, out decimal number))
        {
            return $"an amount of đồng, found '{Shown(text)}'";
        }

        if (!text.Contains('.', StringComparison.Ordinal))
        {
            for (int i = 0; i < minorDigits; i++)
            {
                number /= 10;
            }
        }

        if (number != decimal.Truncate(number) || decimal.Abs(number) > 999_999_999_999_999m)
        {
            return $"whole đồng of at most 15 digits, found '{Shown(text)}'";
        }

        money = new((long)number);
        return null;
    }

    /// <summary>Reads a quantity, to six decimals.</summary>
    public static bool TryQuantity(string text, out decimal quantity) => TryNumber(text, out quantity) && SixDecimals.Fits(quantity);

    /// <summary>Reads a number of a document or receipt: digits only.</summary>
    public static bool TryOrdinal(string text, out ulong ordinal) =>
        ulong.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out ordinal)
        && ordinal <= uint.MaxValue;

    /// <summary>A text from a register, short enough for a sentence and without control characters.</summary>
    public static string Shown(string text)
    {
        string shown = string.Concat(text.Take(40).Select(c => char.IsControl(c) ? '?' : c));
        return text.Length > 40 ? shown + "…" : shown;
    }

    private static bool TryNumber(string text, out decimal number)
    {
        number = 0;
        return text.Length is > 0 and <= MaxLength && decimal.TryParse(text, Form, CultureInfo.InvariantCulture, out number);
    }
}
