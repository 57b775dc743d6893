namespace Invoicing.Registers.Receipts;

/// <summary>How a till writes amounts and quantities.</summary>
/// <remarks>Strict on purpose: what does not fit is not read, and a receipt that is not read is shown to a person. Amounts have at most 15 digits.</remarks>
/// <param name="Thousands">Between groups of three digits: <c>.</c>, <c>,</c>; <see langword="null"/> where digits are not grouped.</param>
/// <param name="DecimalMark">Before a fraction: <c>,</c> or <c>.</c>.</param>
/// <param name="MinorDigits">Digits of the currency's fraction: 0 for đồng. Amounts are read in the smallest unit, so 12.95 with 2 is 1295.</param>
/// <param name="QuantityMark">Before the fraction of a quantity, where tills write that otherwise.</param>
public sealed record NumberFormat(char? Thousands = '.', char DecimalMark = ',', int MinorDigits = 0, char? QuantityMark = null)
{
    /// <summary>Most digits of a currency's fraction.</summary>
    public const int MostMinorDigits = 4;

    private const int MostDigits = 15;
    private const decimal AmountLimit = 1_000_000_000_000_000; // sums of thousands of lines stay within 64 bits
    private const decimal QuantityLimit = 1_000_000_000; // times a price stays within a decimal

    /// <summary>Reads an amount, with its sign before or behind it or in brackets, in the smallest unit.</summary>
    internal bool TryAmount(ReadOnlySpan<char> text, out long amount)
    {
        amount = 0;
        if (!TryPrice(text, out decimal value) || decimal.Truncate(value) != value || decimal.Abs(value) >= AmountLimit)
        {
            return false;
        }

        amount = (long)value;
        return true;
    }

    /// <summary>Reads a unit price in the smallest unit, which may have a fraction of that.</summary>
    internal bool TryPrice(ReadOnlySpan<char> text, out decimal price)
    {
        bool isNumber = TryNumber(text, Thousands, DecimalMark, out price);
        for (int i = 0; isNumber && i < MinorDigits; i++)
        {
            price *= 10;
        }

        return isNumber;
    }

    /// <summary>Reads a quantity; <c>0.350</c> is less than one whatever the mark of thousands is.</summary>
    internal bool TryQuantity(ReadOnlySpan<char> text, out decimal quantity)
    {
        text = text.Trim();
        bool isSmall = Thousands is { } && text.Length > 2 && text[0] == '0' && text[1] == Thousands;
        bool isNumber = QuantityMark is { } mark ? TryNumber(text, null, mark, out quantity)
            : isSmall ? TryNumber(text, null, Thousands!.Value, out quantity)
            : TryNumber(text, Thousands, DecimalMark, out quantity);
        return isNumber && decimal.Abs(quantity) < QuantityLimit && decimal.Round(quantity, 6) == quantity;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, char? thousands, char mark, out decimal value)
    {
        text = text.Trim();
        bool isNegative = text.Length > 1 && (text[0] == '-' || text[^1] == '-' || (text[0] == '(' && text[^1] == ')'));
        text = text.Trim("-()");
        int point = text.LastIndexOf(mark);
        ReadOnlySpan<char> whole = point >= 0 ? text[..point] : text;
        ReadOnlySpan<char> fraction = point >= 0 ? text[(point + 1)..] : [];
        value = 0;
        if (whole.IsEmpty || (point >= 0 && fraction.IsEmpty) || !TryWhole(whole, thousands, ref value, out int digits) || digits + fraction.Length > MostDigits)
        {
            return false;
        }

        decimal unit = 1;
        foreach (char c in fraction)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            unit /= 10;
            value += (c - '0') * unit;
        }

        value = isNegative ? -value : value;
        return true;
    }

    /// <summary>Grammar: digits | 1 to 3 digits (mark 3 digits)+</summary>
    private static bool TryWhole(ReadOnlySpan<char> text, char? thousands, ref decimal value, out int digits)
    {
        digits = 0;
        int inGroup = 0;
        bool isGrouped = false;
        foreach (char c in text)
        {
            if (c == thousands)
            {
                if (inGroup is 0 or > 3 || (isGrouped && inGroup != 3))
                {
                    return false;
                }

                isGrouped = true;
                inGroup = 0;
            }
            else if (char.IsAsciiDigit(c) && digits < MostDigits)
            {
                value = (value * 10) + (c - '0');
                digits++;
                inGroup++;
            }
            else
            {
                return false;
            }
        }

        return !isGrouped || inGroup == 3;
    }
}
