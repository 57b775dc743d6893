using Invoicing.Chain;
using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Gateway.Journal;

/// <summary>Finds the invoice of a receipt among the newest entries.</summary>
internal static class IssuedReceipts
{
    /// <summary>Entries that are looked through: a busy shop's day, read in some tens of milliseconds.</summary>
    public const int MostEntries = 4096;

    private const int PageSize = 256;

    /// <summary>The newest invoice of a receipt.</summary>
    /// <returns><see langword="null"/> if there is none among the newest <see cref="MostEntries"/> entries.</returns>
    public static Invoice? Find(string journalPath, RegisterId register, string receipt)
    {
        using var reader = JournalReader.Open(journalPath);
        long head = reader.ReadHead();
        Invoice? found = null;
        for (long after = Math.Max(0, head - MostEntries); after < head;)
        {
            foreach (SignedEntry entry in reader.ReadPage(after, (int)Math.Min(PageSize, head - after)))
            {
                after = entry.Position;
                if (entry.Kind == EntryKind.Invoice && EntryFields.Read(entry.Body.Span, out EntryFields fields) is null)
                {
                    Invoice invoice = InvoiceContents.Read(fields.Content(entry.Body.Span));
                    found = invoice.Sale.Key.Register == register && invoice.Sale.ReceiptNumber == receipt ? invoice : found;
                }
            }
        }

        return found;
    }
}
