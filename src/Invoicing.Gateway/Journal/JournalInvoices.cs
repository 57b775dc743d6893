using Invoicing.Chain;
using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Gateway.Journal;

/// <summary>Reads the invoices and corrections of a journal with their buyers, in constant memory, also while a gateway writes it.</summary>
/// <remarks>Verifies nothing but that buyer data is what the entry committed to. For one thread at a time.</remarks>
public sealed class JournalInvoices : IDisposable
{
    private const int PageSize = 256;

    private readonly JournalReader _reader;

    private JournalInvoices(JournalReader reader)
    {
        _reader = reader;
        JournalState state = reader.ReadState();
        Seller = state.Enrolment.Seller;
        Chain = state.Chain;
        Head = state.Head.Position;
    }

    /// <summary>Who sells, by the chain's enrolment.</summary>
    public Seller Seller { get; }

    /// <summary>The chain.</summary>
    public ChainId Chain { get; }

    /// <summary>Last position when it was opened.</summary>
    public long Head { get; }

    /// <summary>Opens a journal.</summary>
    /// <exception cref="InvoicingException">Not there, or no journal of this format.</exception>
    public static JournalInvoices Open(string journalPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(journalPath);
        var reader = JournalReader.Open(journalPath);
        try
        {
            return new(reader);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Reads invoices and corrections in their order.</summary>
    /// <param name="from">First position wanted.</param>
    /// <param name="to">Last position wanted; read is at most up to <see cref="Head"/>.</param>
    /// <exception cref="InvoicingException">An entry cannot be read, or its buyer data is not what it committed to.</exception>
    public IEnumerable<JournaledInvoice> Read(long from, long to)
    {
        long last = Math.Min(to, Head);
        long after = Math.Max(from, 1) - 1;
        while (after < last)
        {
            foreach (SignedEntry entry in _reader.ReadPage(after, (int)Math.Min(PageSize, last - after)))
            {
                after = entry.Position;
                if (entry.Kind is EntryKind.Invoice or EntryKind.Correction)
                {
                    yield return ReadEntry(entry);
                }
            }
        }
    }

    /// <summary>Closes the journal.</summary>
    public void Dispose() => _reader.Dispose();

    private JournaledInvoice ReadEntry(SignedEntry entry)
    {
        if (EntryFields.Read(entry.Body.Span, out EntryFields fields) is { } fault)
        {
            throw new InvoicingException($"entry {entry.Position}: {fault}; run 'verify'");
        }

        ReadOnlySpan<byte> content = fields.Content(entry.Body.Span);
        Correction? correction = entry.Kind == EntryKind.Correction ? CorrectionContents.Read(content) : null;
        Invoice? invoice = correction is null ? InvoiceContents.Read(content) : correction.Invoice;
        return new(
            entry.Position, DateTimeOffset.FromUnixTimeMilliseconds(fields.RecordedAt), invoice, correction,
            ReadBuyer(entry, AttachmentReferences.Read(entry.Kind, content)));
    }

    private Buyer? ReadBuyer(SignedEntry entry, IReadOnlyList<AttachmentReference> references)
    {
        int at = 0;
        while (at < references.Count && references[at].Kind != AttachmentContentKind.Buyer)
        {
            at++;
        }

        if (at == references.Count)
        {
            return null;
        }

        IReadOnlyList<StoredAttachment> stored = _reader.ReadAttachments(entry.Position);
        StoredAttachment? found = stored.FirstOrDefault(attachment => references[at].Matches(attachment.Salt.Span, attachment.Content.Span));

        // Erased by law or by age: the invoice goes without a name.
        return found is not null ? BuyerContents.Read(found.Content.Span)
            : stored.Count < references.Count ? null
            : throw new InvoicingException($"entry {entry.Position}: expected the buyer data that it committed to, found other bytes; run 'verify'");
    }
}
