using Invoicing.Sales;

namespace Invoicing.Gateway;

/// <summary>A buyer was stated for a sale that is issued already: its invoice is never changed, a replacement is the way.</summary>
/// <param name="key">Register, epoch, sequence.</param>
/// <param name="receipt">Number of its receipt.</param>
/// <param name="invoice">Its invoice; <see langword="null"/> if it is being recorded.</param>
public sealed class SaleAlreadyIssuedException(SaleKey key, string? receipt, PrintedInvoice? invoice)
    : InvoicingException(
        $"expected a receipt of {key.Register} that waits for its buyer, found {receipt ?? "one"}, which is issued already"
        + $"{(invoice is null ? string.Empty : $" as {invoice.Code}")}; name the buyer in a replacement of that invoice")
{
    /// <summary>Register, epoch, sequence.</summary>
    public SaleKey Key { get; } = key;

    /// <summary>Code and number of its invoice; <see langword="null"/> where only the outcome of the recording will tell.</summary>
    public PrintedInvoice? Invoice { get; } = invoice;
}
