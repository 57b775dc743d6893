using System.Globalization;
using Invoicing.Invoices;

namespace Invoicing.Vietnam;

/// <summary>Text for the QR code on a receipt, by which a customer looks the invoice up.</summary>
/// <remarks>
/// <c>MCCQT=M1-26-A1B2C-00001234567;MST=0107001729;TT=120000</c>: what the authority's public lookup asks for, under the law's own element
/// names (code, seller's tax code, total in đồng). At most 67 ASCII characters: a QR code of version 5 holds 84 at level M.
/// </remarks>
public static class LookupText
{
    /// <summary>Writes the text of an invoice.</summary>
    public static string Of(Invoice invoice)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        return string.Create(CultureInfo.InvariantCulture, $"MCCQT={invoice.Code};MST={invoice.SellerTaxCode};TT={invoice.Total.Dong}");
    }
}
