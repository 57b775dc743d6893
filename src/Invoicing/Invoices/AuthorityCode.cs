using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Invoicing.Invoices;

/// <summary>The authority code of an invoice initiated from a cash register (MCCQT): <c>M1-26-A1B2C-00001234567</c>.</summary>
/// <remarks>
/// 23 characters: <c>M</c>, the kind's digit, two digits of the year of issue, five characters issued by the authority, eleven digits of
/// the seller's software. Only uniqueness is demanded of the digits, not continuity. Equality is by all four parts. <c>default</c> is no
/// code and writes itself as an empty text. Immutable. Source: Decision 1271/QĐ-CT, Part I.IV.3.
/// </remarks>
public readonly record struct AuthorityCode
{
    /// <summary>Length in characters, dashes counted.</summary>
    public const int Length = 23;

    /// <summary>Characters in the authority's block.</summary>
    public const int BlockLength = 5;

    /// <summary>Largest number of eleven digits.</summary>
    public const long MaxDigits = 99_999_999_999;

    private readonly string? _block;

    /// <summary>Puts a code together.</summary>
    /// <param name="kind">Kind of the invoice.</param>
    /// <param name="year">Year of issue in its century, 0..99.</param>
    /// <param name="block">The authority's five characters, A-Z and 0-9.</param>
    /// <param name="digits">0..99,999,999,999.</param>
    /// <exception cref="ArgumentException">A part is outside its range.</exception>
    public AuthorityCode(InvoiceKind kind, int year, string block, long digits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((int)kind, (int)InvoiceKind.Vat, nameof(kind));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)kind, (int)InvoiceKind.SalesWithFees, nameof(kind));
        ArgumentOutOfRangeException.ThrowIfNegative(year);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(year, 99);
        ArgumentOutOfRangeException.ThrowIfNegative(digits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digits, MaxDigits);
        if (!IsBlock(block))
        {
            throw new ArgumentException($"expected {BlockLength} characters A-Z or 0-9, found '{block}'", nameof(block));
        }

        Kind = kind;
        Year = year;
        _block = block;
        Digits = digits;
    }

    /// <summary>Kind of the invoice.</summary>
    public InvoiceKind Kind { get; }

    /// <summary>Year of issue in its century, 0..99.</summary>
    public int Year { get; }

    /// <summary>The authority's five characters; empty in <c>default</c>.</summary>
    public string Block => _block ?? string.Empty;

    /// <summary>The eleven digits as a number.</summary>
    public long Digits { get; }

    /// <summary>Whether a text can be the authority's block.</summary>
    public static bool IsBlock([NotNullWhen(true)] string? block) => block is not null && IsBlock(block.AsSpan());

    /// <summary>Reads a code.</summary>
    /// <exception cref="FormatException">Not a code.</exception>
    public static AuthorityCode Parse(string text) => TryParse(text, out AuthorityCode code)
        ? code
        : throw new FormatException($"expected an authority code such as M1-26-A1B2C-00001234567, found '{text}'");

    /// <summary>Reads a code; nothing but the exact 23 characters is one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AuthorityCode code)
    {
        code = default;
        return text is not null && TryParse(text.AsSpan(), ref code);
    }

    /// <summary>The 23 characters; empty for <c>default</c>.</summary>
    public override string ToString() => _block is null
        ? string.Empty
        : string.Create(CultureInfo.InvariantCulture, $"M{(int)Kind}-{Year:00}-{_block}-{Digits:00000000000}");

    private static bool IsBlock(ReadOnlySpan<char> block)
    {
        if (block.Length != BlockLength)
        {
            return false;
        }

        foreach (char c in block)
        {
            if (!char.IsAsciiDigit(c) && !char.IsAsciiLetterUpper(c))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryParse(ReadOnlySpan<char> text, ref AuthorityCode code)
    {
        // Grammar: "M" kind "-" 2 digits "-" 5 characters "-" 11 digits
        if (text.Length != Length || text[0] != 'M' || text[1] is < '1' or > '9' || text[2] != '-' || text[5] != '-' || text[11] != '-'
            || !IsBlock(text.Slice(6, BlockLength)) || !TryRead(text.Slice(3, 2), out long year) || !TryRead(text[12..], out long digits))
        {
            return false;
        }

        code = new((InvoiceKind)(text[1] - '0'), (int)year, text.Slice(6, BlockLength).ToString(), digits);
        return true;
    }

    // Not long.TryParse: it takes zero characters (00h) behind the digits for blank space.
    private static bool TryRead(ReadOnlySpan<char> digits, out long value)
    {
        value = 0;
        foreach (char c in digits)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            value = (value * 10) + (c - '0');
        }

        return true;
    }
}
