using System.Diagnostics.CodeAnalysis;

namespace Invoicing.Invoices;

/// <summary>The series of an invoice from a cash register (KHHDon), such as <c>C26MAA</c>. A series belongs to one year.</summary>
/// <remarks>
/// Six characters: <c>C</c> with or <c>K</c> without an authority code, two digits of the year, <c>M</c> for cash registers, two letters
/// of the seller's choice. Equality is ordinal. <c>default</c> is no series and writes itself as an empty text. Immutable.
/// Source: Circular 91/2026/TT-BTC, Annex I; Circular 32/2025/TT-BTC, Art. 5.
/// </remarks>
public readonly record struct InvoiceSeries
{
    /// <summary>Length in characters.</summary>
    public const int Length = 6;

    private readonly string? _value;

    private InvoiceSeries(string value) => _value = value;

    /// <summary>Whether its invoices bear an authority code.</summary>
    public bool IsCoded => _value is not null && _value[0] == 'C';

    /// <summary>Year of issue in its century, 0..99.</summary>
    public int Year => _value is null ? 0 : ((_value[1] - '0') * 10) + (_value[2] - '0');

    /// <summary>Reads a series.</summary>
    /// <exception cref="FormatException">Not a series of a cash register.</exception>
    public static InvoiceSeries Parse(string text) => TryParse(text, out InvoiceSeries series)
        ? series
        : throw new FormatException($"expected a series such as C26MAA, found '{text}'");

    /// <summary>Reads a series; nothing but the exact six characters is one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out InvoiceSeries series)
    {
        bool isSeries = text is { Length: Length } && text[0] is 'C' or 'K' && char.IsAsciiDigit(text[1]) && char.IsAsciiDigit(text[2])
            && text[3] == 'M' && char.IsAsciiLetterUpper(text[4]) && char.IsAsciiLetterUpper(text[5]);
        series = isSeries ? new(text!) : default;
        return isSeries;
    }

    /// <summary>The six characters; empty for <c>default</c>.</summary>
    public override string ToString() => _value ?? string.Empty;
}
