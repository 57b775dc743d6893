using System.Globalization;
using System.Text;

namespace Invoicing.Vietnam;

/// <summary>One element of a QR code: an id of two digits, a length of two digits, a value of 1 to 99 characters.</summary>
/// <remarks>
/// Lengths count characters (code points), not bytes. An element with an empty value is left out. A value longer than
/// <see cref="MaxLength"/> is not written, and never cut: <see cref="TaxQrCode.Judge"/> names it. Source: Decision 1271/QĐ-CT, Part I.IV.7.
/// </remarks>
/// <param name="Id">0..99.</param>
/// <param name="Value">The value; in a template, elements written by <see cref="Join"/>.</param>
public readonly record struct QrField(int Id, string Value)
{
    /// <summary>Longest value.</summary>
    public const int MaxLength = 99;

    /// <summary>Length of the value in characters.</summary>
    public int Length => RuleText.Length(Value ?? string.Empty);

    /// <summary>Writes elements one after the other, as a template's value holds them.</summary>
    /// <exception cref="InvalidOperationException">An id is outside 0..99.</exception>
    /// <exception cref="InvoicingException">A value is longer than <see cref="MaxLength"/>.</exception>
    public static string Join(params IEnumerable<QrField> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        StringBuilder text = new();
        foreach (QrField field in fields)
        {
            text.Append(field.ToString());
        }

        return text.ToString();
    }

    /// <summary><c>5802VN</c>; empty if the value is.</summary>
    /// <exception cref="InvalidOperationException">The id is outside 0..99.</exception>
    /// <exception cref="InvoicingException">The value is longer than <see cref="MaxLength"/>.</exception>
    public override string ToString()
    {
        if (Id is < 0 or > 99)
        {
            throw new InvalidOperationException($"expected an id of 0 to 99, found {Id}");
        }

        int length = Length;
        return length == 0 ? string.Empty
            : length <= MaxLength ? string.Create(CultureInfo.InvariantCulture, $"{Id:00}{length:00}{Value}")
            : throw new InvoicingException(
                $"QR code, element {Id:00}: expected at most {MaxLength} characters, found {length}: {RuleText.Show(Value)}; shorten it where it is entered");
    }
}
