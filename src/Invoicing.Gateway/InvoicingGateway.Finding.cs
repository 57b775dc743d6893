using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Gateway;

public sealed partial class InvoicingGateway
{
    /// <summary>Says what became of a sale, for a caller that lost the answer: reads the journal and changes nothing.</summary>
    /// <param name="key">Register, epoch, sequence.</param>
    /// <returns>What is durable under the key; <see langword="null"/> if nothing is, which is a promise: issuing it is then no repetition.</returns>
    /// <exception cref="JournalCorruptException">The journal contradicts itself.</exception>
    public RecordedSale? Find(in SaleKey key)
    {
        CheckKey(key);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) == 1, this);
        if (!_recorder.State.Lines.TryGetValue(LineKey.Of(key), out LineState? line))
        {
            return null;
        }

        using var reader = JournalReader.Open(_options.JournalPath);
        if (!reader.ReadRecords(line.Id, key.Sequence, 1).TryGetValue(key.Sequence, out StoredRecord record))
        {
            return null;
        }

        long position = record.Outcome == StoredOutcome.Held && reader.FindResolved(record.Position) is { } resolved ? resolved : record.Position;
        List<SignedEntry> page = reader.ReadPage(position - 1, 1);
        SignedEntry entry = page.Count == 1 && page[0].Position == position
            ? page[0]
            : throw new JournalCorruptException(_options.JournalPath, new(position, "entry", "the entry of a record", "none"));
        RecordedSale found = new(key, record.Hash, entry);
        return JournalFile.InvoiceOf(entry) is { } invoice ? found with { Invoice = invoice, Lookup = LookupText.Of(invoice) }
            : record.Outcome == StoredOutcome.Held ? found with { HeldBecause = record.Reason ?? string.Empty }
            : found;
    }
}
