using System.Globalization;
using Invoicing.Amounts;

namespace Invoicing.Catalogues;

/// <summary>Rates as people write them in lists.</summary>
internal static class RateText
{
    /// <summary>What is read, for faults.</summary>
    public const string Expected = "0%, 5%, 8%, 10% (with or without '%'), KCT, KKKNT, or KHAC:5.26%";

    private const string OtherPrefix = "KHAC:";

    /// <summary>Reads a rate: <c>8%</c>, <c>8</c>, <c>KCT</c>, <c>KKKNT</c>, <c>KHAC:5.26%</c>; a comma may stand for the point.</summary>
    public static bool TryParse(string text, out TaxRate rate)
    {
        rate = default;
        string upper = text.Trim().ToUpperInvariant();
        if (upper is "KCT" or "KKKNT")
        {
            rate = upper == "KCT" ? TaxRate.NotSubject : TaxRate.NotDeclared;
            return true;
        }

        bool isOther = upper.StartsWith(OtherPrefix, StringComparison.Ordinal);
        ReadOnlySpan<char> number = upper.AsSpan(isOther ? OtherPrefix.Length : 0).TrimEnd('%').Trim();
        if (upper.AsSpan().Count('%') > 1 || !TryHundredths(number, out int hundredths))
        {
            return false;
        }

        if (!isOther && hundredths is not (0 or 500 or 800 or 1000))
        {
            return false;
        }

        rate = isOther ? TaxRate.Other(hundredths) : TaxRate.Of(TaxRateKind.Percent, hundredths);
        return true;
    }

    private static bool TryHundredths(ReadOnlySpan<char> text, out int hundredths)
    {
        hundredths = 0;
        int point = text.IndexOfAny('.', ',');
        ReadOnlySpan<char> whole = point < 0 ? text : text[..point];
        ReadOnlySpan<char> part = point < 0 ? [] : text[(point + 1)..];
        if (whole.Length is < 1 or > 2 || part.Length > 2 || (point >= 0 && part.IsEmpty) || !IsDigits(whole) || !IsDigits(part))
        {
            return false;
        }

        int fraction = part.IsEmpty ? 0 : int.Parse(part, CultureInfo.InvariantCulture) * (part.Length == 1 ? 10 : 1);
        hundredths = (int.Parse(whole, CultureInfo.InvariantCulture) * 100) + fraction;
        return true;
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
