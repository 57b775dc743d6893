using System.Diagnostics.CodeAnalysis;

namespace Invoicing.Invoices;

/// <summary>A Vietnamese tax code (MST): ten digits, ten with a branch (<c>0107001729-001</c>), or a personal id of twelve.</summary>
/// <remarks>
/// Equality is ordinal. <c>default</c> is no code and writes itself as an empty text. Immutable. A wrong check digit makes no code
/// invalid: official samples fail it, so <see cref="HasValidCheckDigit"/> is for a warning to people. Source: Circular 86/2024/TT-BTC.
/// </remarks>
public readonly record struct TaxCode
{
    private readonly string? _value;

    private TaxCode(string value) => _value = value;

    /// <summary>Reads a tax code.</summary>
    /// <exception cref="FormatException">Not a tax code.</exception>
    public static TaxCode Parse(string text) => TryParse(text, out TaxCode code)
        ? code
        : throw new FormatException($"expected a tax code of 10 digits, 10 digits '-' 3 digits, or 12 digits, found '{text}'");

    /// <summary>Reads a tax code; nothing but its exact characters is one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TaxCode code)
    {
        bool isCode = text switch
        {
            { Length: 10 or 12 } => !text.AsSpan().ContainsAnyExceptInRange('0', '9'),
            { Length: 14 } => text[10] == '-' && !text.AsSpan(0, 10).ContainsAnyExceptInRange('0', '9')
                && !text.AsSpan(11).ContainsAnyExceptInRange('0', '9'),
            _ => false,
        };
        code = isCode ? new(text!) : default;
        return isCode;
    }

    /// <summary>The code as it is written; empty for <c>default</c>.</summary>
    public override string ToString() => _value ?? string.Empty;

    /// <summary>Whether the tenth digit agrees with the nine before it; always true for a personal id, which has no such digit.</summary>
    public bool HasValidCheckDigit
    {
        get
        {
            if (_value is not { Length: 10 or 14 })
            {
                return _value is not null;
            }

            ReadOnlySpan<byte> weights = [31, 29, 23, 19, 17, 13, 7, 5, 3];
            int sum = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                sum += (_value[i] - '0') * weights[i];
            }

            // A remainder of 0 would ask for the digit 10: such codes are not given out.
            return 10 - (sum % 11) == _value[9] - '0';
        }
    }
}
