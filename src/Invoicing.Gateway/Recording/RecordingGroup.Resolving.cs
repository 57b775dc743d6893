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
        if (hole is not { Kind: EntryKind.Hole } || JournalCrossCheck.Of(hole) is not { Record: { } record } fields)
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
        if (fields.Leased is { } leased)
        {
            return ResolveLeased(position, draft with { Lease = leased.Lease }, leased, record);
        }

        if (_ranges.Take(draft.Kind, draft.IssuedOn) is not RangeDraw.Taken taken)
        {
            Refuse((RangeDraw.Exhausted)_ranges.Take(draft.Kind, draft.IssuedOn));
            return CorrectionResult.NotNow(Exhausted!);
        }

        CorrectionResult result = Close(position, draft.Number(taken.Identity), record, out bool isClosed);
        _ranges = isClosed ? taken.Rest : _ranges;
        return result;
    }

    /// <summary>The customer holds a code from the register's lease: the invoice bears exactly that.</summary>
    private CorrectionResult ResolveLeased(long position, InvoiceDraft draft, in LeasedIdentity leased, in RegisterRecordKey record)
    {
        if (draft.Kind != leased.Identity.Code.Kind || draft.IssuedOn.Year % 100 != leased.Identity.Code.Year)
        {
            return CorrectionResult.Refused([new(
                RecordPreparation.CodeConflict, nameof(Sale.ClosedAt),
                $"a closing time of the year of {leased.Identity.Code}, which the receipt bears", $"{draft.IssuedOn:yyyy-MM-dd}")]);
        }

        CorrectionResult result = Close(position, draft.Number(leased.Identity), record, out bool isClosed);
        if (isClosed)
        {
            LeasedIdentity printed = leased;
            long invoice = _entries[^1].Unsigned.Position;
            Write(file => file.InsertLeased(printed.Lease, printed.Identity.Code, invoice));
        }

        return result;
    }

    private CorrectionResult Close(long position, Invoice invoice, in RegisterRecordKey record, out bool isClosed)
    {
        isClosed = false;
        var attachment = EntryAttachment.OfBuyer(invoice.Sale.Buyer);
        PendingEntry pending;
        try
        {
            pending = Append(InvoiceContents.From(invoice, record.Hash, References(attachment)), attachment);
        }
        catch (EntryTooLargeException large)
        {
            return CorrectionResult.Refused([new(RecordPreparation.TooLarge, nameof(Sale), "an invoice that fits into an entry", large.Message)]);
        }

        Write(file => file.InsertResolved(position, pending.Unsigned.Position));
        _resolved++;
        isClosed = true;
        return new(null, pending, []) { Invoice = invoice };
    }

    private static CorrectionResult Refused(string path, string expected, string found) =>
        CorrectionResult.Refused([new(RecordPreparation.NotHere, path, expected, found)]);
}
