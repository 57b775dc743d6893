using System.Globalization;
using System.Text.RegularExpressions;
using Invoicing.Invoices;

namespace Invoicing.NationalXml.Responses;

/// <summary>An invoice as a response names it.</summary>
/// <param name="Kind">Kind; <see langword="null"/> where it is not said.</param>
/// <param name="Series">Series.</param>
/// <param name="Number">Number.</param>
public readonly partial record struct InvoiceName(InvoiceKind? Kind, InvoiceSeries Series, int Number)
{
    /// <summary>Reads <c>KHMSHDon;KHHDon;SHDon;text</c>.</summary>
    /// <remarks>
    /// Blanks, leading zeros, lower case, other separators (<c>, | /</c>), a missing kind and one written together with the series
    /// (<c>1C26MAA</c>) are taken as well: the form of this text is known from practice only.
    /// </remarks>
    /// <param name="description">MTLoi.</param>
    /// <param name="rest">The text behind the name; all of it where there is none.</param>
    /// <returns><see langword="null"/> where the text names no invoice.</returns>
    public static InvoiceName? Parse(string description, out string rest)
    {
        ArgumentNullException.ThrowIfNull(description);
        rest = description.Trim();
        Match match = Named().Match(description);
        if (!match.Success || !InvoiceSeries.TryParse(match.Groups["series"].Value.ToUpperInvariant(), out InvoiceSeries series)
            || !int.TryParse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || number is 0 or > NumberRange.MaxNumber)
        {
            return null;
        }

        rest = match.Groups["text"].Value.Trim();
        return new(match.Groups["kind"].Success ? (InvoiceKind)(match.Groups["kind"].ValueSpan[0] - '0') : null, series, number);
    }

    /// <summary>Whether an invoice is meant.</summary>
    public bool Names(InvoiceIdentity invoice) =>
        (Kind is null || Kind == invoice.Code.Kind) && Series == invoice.Series && Number == invoice.Number;

    [GeneratedRegex(
        @"^\s*(?:0*(?<kind>[1-9])\s*[;,|/]?\s*)?(?<series>[CK][0-9]{2}M[A-Z]{2})\s*[;,|/]\s*0*(?<number>[0-9]{1,8})\s*(?:[;,|/](?<text>.*))?$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Named();
}
