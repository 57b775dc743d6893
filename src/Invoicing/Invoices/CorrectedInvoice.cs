using Invoicing.Hashing;

namespace Invoicing.Invoices;

/// <summary>The invoice that a correction puts right, as far as its customer's copy names it.</summary>
/// <param name="Code">Its authority code.</param>
/// <param name="Series">Its series.</param>
/// <param name="Number">Its number.</param>
/// <param name="IssuedOn">Its date of issue, in GMT+7.</param>
/// <param name="EntryHash">Hash of its entry, where that is known.</param>
public sealed record CorrectedInvoice(AuthorityCode Code, InvoiceSeries Series, int Number, DateOnly IssuedOn, Sha256Hash? EntryHash = null)
{
    /// <summary>Its kind, which is the code's.</summary>
    public InvoiceKind Kind => Code.Kind;

    /// <summary>What an invoice is called in its correction.</summary>
    /// <param name="invoice">The invoice.</param>
    /// <param name="entryHash">Hash of its entry, where that is known.</param>
    public static CorrectedInvoice Of(Invoice invoice, Sha256Hash? entryHash)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        return new(invoice.Code, invoice.Series, invoice.Number, invoice.IssuedOn, entryHash);
    }
}
