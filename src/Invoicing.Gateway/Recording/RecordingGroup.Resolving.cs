using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Gateway.Recording;

/// <content>Held sales that can be made invoices after all. Each has a group of its own.</content>
internal sealed partial class RecordingGroup
{
    private int _resolved;

    /// <summary>Makes the invoice of a held sale; its record keeps its place, and the invoice names the hole that it closes.</summary>
    public CorrectionResult Resolve(long position, Sale sale)
    {
        if (Refusal is { } refusal)
        {
            return CorrectionResult.NotNow(refusal);
        }

        SignedEntry? hole = _stored().ReadEntry(position);
        if (hole is not { Kind: EntryKind.Hole } || JournalCrossCheck.Of(hole) is not { Record: { } record })
        {
            return Refused("Position", "the entry of a held sale", $"{position}");
        }

        if (_stored().FindResolved(position) is { } before)
        {
            return Refused("Position", "a sale that is still held", $"entry {position}, which entry {before.Position} closed");
        }

        Sale right = sale with { Key = record.Key, RecordHash = record.Hash };
        DraftResult drafted = _preparation.DraftHeld(right, DateTimeOffset.FromUnixTimeMilliseconds(_recordedAt));
        if (drafted is DraftResult.Faulty faulty)
        {
            return CorrectionResult.Refused(faulty.Faults);
        }

        InvoiceDraft draft = ((DraftResult.Drafted)drafted).Draft with { Resolves = hole.Hash };
        if (_ranges.Take(draft.Kind, draft.IssuedOn) is not RangeDraw.Taken taken)
        {
            Refuse((RangeDraw.Exhausted)_ranges.Take(draft.Kind, draft.IssuedOn));
            return CorrectionResult.NotNow(Exhausted!);
        }

        Invoice invoice = draft.Number(taken.Identity);
        var attachment = EntryAttachment.OfBuyer(right.Buyer);
        PendingEntry pending;
        try
        {
            pending = Append(InvoiceContents.From(invoice, record.Hash, References(attachment)), attachment);
        }
        catch (EntryTooLargeException large)
        {
            return CorrectionResult.Refused([new(RecordPreparation.TooLarge, nameof(sale), "an invoice that fits into an entry", large.Message)]);
        }

        _ranges = taken.Rest;
        Write(file => file.InsertResolved(position, pending.Unsigned.Position));
        _resolved++;
        return new(null, pending, []) { Invoice = invoice };
    }

    private static CorrectionResult Refused(string path, string expected, string found) =>
        CorrectionResult.Refused([new(RecordPreparation.NotHere, path, expected, found)]);
}
