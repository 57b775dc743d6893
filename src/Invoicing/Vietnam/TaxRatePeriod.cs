using System.Globalization;
using Invoicing.Amounts;

namespace Invoicing.Vietnam;

/// <summary>A span of days in which the law knows a rate. Immutable.</summary>
public sealed record TaxRatePeriod
{
    /// <summary>Kind of the rate.</summary>
    public required TaxRateKind Kind { get; init; }

    /// <summary>Of <see cref="TaxRateKind.Percent"/> only, in hundredths of a percent; a period of another kind covers all that is of it.</summary>
    public int Hundredths { get; init; }

    /// <summary>First day, in GMT+7.</summary>
    public required DateOnly ValidFrom { get; init; }

    /// <summary>Last day, in GMT+7; <see langword="null"/> if none is known.</summary>
    public DateOnly? ValidUntil { get; init; }

    /// <summary>Text of law that says so.</summary>
    public required string Source { get; init; }

    /// <summary>Whether <see cref="ValidUntil"/> was seen in the text of law. What was not holds no shop's sales: it is a doubt.</summary>
    public bool IsEndVerified { get; init; }

    /// <summary>The rate as settings name it: <c>8%</c>, <c>KCT</c>, <c>KHAC</c> for every other percentage.</summary>
    public string Rate => Kind == TaxRateKind.Other ? "KHAC" : TaxRate.Of(Kind, Hundredths).ToString();

    /// <summary>Whether the period is about a rate.</summary>
    public bool Names(TaxRate rate) => Kind == rate.Kind && (Kind == TaxRateKind.Other || Hundredths == rate.Hundredths);

    /// <summary>Whether a day lies in it.</summary>
    public bool Covers(DateOnly day) => day >= ValidFrom && (ValidUntil is not { } last || day <= last);

    /// <summary><c>8% from 2025-07-01 to 2026-12-31 (Resolution 204/2025/QH15; end not verified)</c>.</summary>
    public override string ToString()
    {
        string until = ValidUntil is { } last ? string.Create(CultureInfo.InvariantCulture, $" to {last:yyyy-MM-dd}") : string.Empty;
        string doubt = ValidUntil is null || IsEndVerified ? string.Empty : "; end not verified";
        return string.Create(CultureInfo.InvariantCulture, $"{Rate} from {ValidFrom:yyyy-MM-dd}{until} ({Source}{doubt})");
    }
}
