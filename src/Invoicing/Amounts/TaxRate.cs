using System.Globalization;

namespace Invoicing.Amounts;

/// <summary>The VAT treatment of a line: a percentage, or one of the law's words for none.</summary>
/// <remarks>
/// <c>default</c> is 0 %. Immutable. Two rates are equal if kind and percentage are: <c>KHAC:8%</c> is not <c>8%</c>.
/// Source: the enumeration of element TSuat, Decision 1271/QĐ-CT (<c>0%, 5%, 8%, 10%, KCT, KKKNT, KHAC:AB.CD%</c>).
/// </remarks>
public readonly record struct TaxRate
{
    private TaxRate(TaxRateKind kind, int hundredths)
    {
        Kind = kind;
        Hundredths = hundredths;
    }

    /// <summary>Zero-rated.</summary>
    public static TaxRate Zero => default;

    /// <summary>5 %.</summary>
    public static TaxRate Five => new(TaxRateKind.Percent, 500);

    /// <summary>8 %, the temporarily reduced 10 %.</summary>
    public static TaxRate Eight => new(TaxRateKind.Percent, 800);

    /// <summary>10 %.</summary>
    public static TaxRate Ten => new(TaxRateKind.Percent, 1000);

    /// <summary>Not subject to VAT (KCT).</summary>
    public static TaxRate NotSubject => new(TaxRateKind.NotSubject, 0);

    /// <summary>Neither declared nor paid (KKKNT).</summary>
    public static TaxRate NotDeclared => new(TaxRateKind.NotDeclared, 0);

    /// <summary>Which of the law's kinds.</summary>
    public TaxRateKind Kind { get; }

    /// <summary>The percentage in hundredths of a percent: 800 is 8 %. Zero where the kind has none.</summary>
    public int Hundredths { get; }

    /// <summary>Another percentage (KHAC).</summary>
    /// <param name="hundredths">0..9999 hundredths of a percent: 526 is 5.26 %.</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside 0..9999.</exception>
    public static TaxRate Other(int hundredths)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hundredths);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hundredths, 9999);
        return new(TaxRateKind.Other, hundredths);
    }

    /// <summary>Builds a rate from its parts as they stand on a wire or a disk.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The parts name no rate of the law.</exception>
    public static TaxRate Of(TaxRateKind kind, int hundredths) => (kind, hundredths) switch
    {
        (TaxRateKind.Percent, 0 or 500 or 800 or 1000) => new(kind, hundredths),
        (TaxRateKind.NotSubject or TaxRateKind.NotDeclared, 0) => new(kind, 0),
        (TaxRateKind.Other, _) => Other(hundredths),
        _ => throw new ArgumentOutOfRangeException(
            nameof(hundredths), hundredths, $"expected 0, 500, 800 or 1000 for Percent and 0 for a rate without percentage, found kind {kind}"),
    };

    /// <summary>Reads a rate as the law writes it; another percentage also with one digit before or behind the point.</summary>
    public static bool TryParse(string? text, out TaxRate rate)
    {
        (bool isRate, rate) = text switch
        {
            "0%" => (true, Zero),
            "5%" => (true, Five),
            "8%" => (true, Eight),
            "10%" => (true, Ten),
            "KCT" => (true, NotSubject),
            "KKKNT" => (true, NotDeclared),
            _ => (false, default),
        };
        if (isRate || text is null || !text.StartsWith("KHAC:", StringComparison.Ordinal) || !text.EndsWith('%'))
        {
            return isRate;
        }

        bool isNumber = decimal.TryParse(
            text.AsSpan(5, text.Length - 6), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal percent)
            && percent is >= 0 and <= 99.99m && decimal.Round(percent, 2) == percent;
        rate = isNumber ? Other((int)(percent * 100)) : default;
        return isNumber;
    }

    /// <summary>The rate as the law writes it: <c>8%</c>, <c>KCT</c>, <c>KHAC:05.26%</c>.</summary>
    public override string ToString() => Kind switch
    {
        TaxRateKind.Percent => string.Create(CultureInfo.InvariantCulture, $"{Hundredths / 100}%"),
        TaxRateKind.NotSubject => "KCT",
        TaxRateKind.NotDeclared => "KKKNT",
        _ => string.Create(CultureInfo.InvariantCulture, $"KHAC:{Hundredths / 100:00}.{Hundredths % 100:00}%"),
    };
}
