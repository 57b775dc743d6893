using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Gateway.Recording;

internal sealed partial class RecordingGroup
{
    /// <summary>Takes a register's record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="isStatedNew">Whether a register not known may be opened without a welcome, because an operator stated it to be new.</param>
    public RecordResult Take(PreparedRecord record, Func<RegisterId, bool> isStatedNew)
    {
        RegisterRecordKey key = record.Key;
        LineState? line = FindLine(LineKey.Of(key.Key));
        if (line is null && Refusal is null && isStatedNew(key.Key.Register)
            && !_lines.Values.Any(known => known.Register == key.Key.Register))
        {
            line = OpenLine(LineKey.Of(key.Key), 0, baseHash: null, "first seen with a sale; stated to be new");
        }

        if (line is not null && _results.TryGetValue((line.Id, key.Key.Sequence), out RecordResult? inGroup))
        {
            return TakeAgain(record, line, inGroup);
        }

        StoredRecord? known = line is null || key.Key.Sequence > line.LastSequence ? null : _stored().FindRecord(line.Id, key.Key.Sequence);
        bool isKnownConflict = line is not null && key.Key.Sequence <= line.LastSequence && known?.Hash != key.Hash
            && _stored().HasConflict(line.Id, key.Key.Sequence, key.Hash);
        return RecordStep.Decide(line, key.Key.Sequence, key.Hash, known, isKnownConflict) switch
        {
            RecordDecision.Repeat repeat => Stored(repeat.First),
            RecordDecision.KnownConflict conflict => new(new RecordOutcome.Conflict(conflict.First)),
            RecordDecision.Elsewhere => new(new RecordOutcome.Held(
                "recorded by another device before this one; code and number are the answer that it gave")),
            RecordDecision.Gap gap => new(new RecordOutcome.Gap(gap.Expected)),
            RecordDecision.Refuse refuse => new(new RecordOutcome.NotNow(refuse.Reason)),
            _ when Refusal is { } reason => new(new RecordOutcome.NotNow(reason)),
            RecordDecision.Conflict conflict => EnterConflict(record, line!, conflict),
            RecordDecision.Enter => Enter(record, line!),
            RecordDecision other => throw new InvalidOperationException($"expected a decision that is known, found {other}"),
        };
    }

    private RecordResult TakeAgain(PreparedRecord record, LineState line, RecordResult inGroup)
    {
        StoredRecord first = _records.Find(row => row.Line == line.Id && row.Sequence == record.Key.Key.Sequence).Record;
        return first.Hash == record.Key.Hash ? inGroup
            : line.Stopped is not null ? new(new RecordOutcome.Conflict(first.Hash))
            : EnterConflict(record, line, new(first.Hash, first.Position));
    }

    private RecordResult Stored(in StoredRecord first)
    {
        switch (first.Outcome)
        {
            case StoredOutcome.Held or StoredOutcome.CodeConflict when _stored().FindResolved(first.Position) is { } closing:
                return new(JournalFile.InvoiceOf(closing)!, closing);
            case StoredOutcome.Held or StoredOutcome.CodeConflict:
                return new(new RecordOutcome.Held(first.Reason ?? string.Empty, first.Outcome == StoredOutcome.CodeConflict));
            case StoredOutcome.Recorded:
                return new(new RecordOutcome.Recorded());
            default:
                SignedEntry entry = _stored().ReadEntry(first.Position)
                    ?? throw new JournalCorruptException(_stored().Path, new(first.Position, "entry", "the invoice of a record", "none"));
                return JournalFile.InvoiceOf(entry) is { } invoice
                    ? new(invoice, entry)
                    : throw new JournalCorruptException(_stored().Path, new(first.Position, "entry", "the invoice of a record", $"{entry.Kind}"));
        }
    }

    private RecordResult EnterConflict(PreparedRecord record, LineState line, RecordDecision.Conflict conflict)
    {
        EntryAttachment? attachment = record.Attachment ?? EntryAttachment.OfRecord(record.Bytes);
        PendingEntry entry = Append(
            EntryContents.Conflict(record.Key, conflict.First, conflict.Position, References(attachment)), attachment);
        RegisterRecordKey key = record.Key;
        Write(file => file.InsertConflict(line.Id, key.Key.Sequence, key.Hash, entry.Unsigned.Position));
        ChangeAtCommit(state => state with { Conflicts = state.Conflicts + 1 });
        Change(line with
        {
            Stopped = $"{key.Key} came with other content than before; both are kept (entry {entry.Unsigned.Position})",
        });
        return new(new RecordOutcome.Conflict(conflict.First));
    }

    private RecordResult Enter(PreparedRecord record, LineState line)
    {
        if (record.Leased is { } leased)
        {
            return EnterLeased(record, line, leased);
        }

        switch (record.Entry)
        {
            case IntendedEntry.Invoice invoice:
                return EnterInvoice(record, line, invoice);
            case IntendedEntry.Hole hole:
                return EnterHole(record, line, hole);
            case IntendedEntry.Return goods:
                return EnterReturn(record, line, goods);
            case IntendedEntry.Close close:
                return EnterDayClose(record, line, close);
            case IntendedEntry.Event registered:
                return EnterEvent(record, line, registered);
            default:
                throw new InvalidOperationException($"expected an entry that is known, found {record.Entry}");
        }
    }

    private RecordResult EnterEvent(
        PreparedRecord record, LineState line, IntendedEntry.Event registered, LeasedIdentity? leased = null, bool isCodeConflict = false)
    {
        PendingEntry entry = Append(
            EntryContents.RegisterEvent(
                record.Key, registered.Type, registered.HeldReason ?? string.Empty, References(record.Attachment), leased),
            record.Attachment);
        RecordResult result = new(
            registered.HeldReason is { } reason ? new RecordOutcome.Held(reason, isCodeConflict) : new RecordOutcome.Recorded());
        Keep(record, line, entry, registered.HeldReason is null ? StoredOutcome.Recorded : HeldAs(isCodeConflict), registered.HeldReason, result);
        return result;
    }

    private static StoredOutcome HeldAs(bool isCodeConflict) => isCodeConflict ? StoredOutcome.CodeConflict : StoredOutcome.Held;

    private RecordResult EnterInvoice(PreparedRecord record, LineState line, IntendedEntry.Invoice intended)
    {
        if (IsOutdated(intended))
        {
            switch (_preparation.Redraft(intended, record, Catalogue, _recordedAt))
            {
                case IntendedEntry.Invoice again:
                    intended = again;
                    break;
                case IntendedEntry.Hole hole:
                    return EnterHole(record, line, hole); // the new day, or the new catalogue, has another rate than the register
                case IntendedEntry other:
                    throw new InvalidOperationException($"expected an invoice or a hole of {record.Key.Key}, found {other}");
            }
        }

        if (intended.Draft.Recovered is { } held)
        {
            return RecoveredFault(held) is { } fault
                ? EnterHole(record, line, new(RecordPreparation.RecoveredIdentity, fault, intended.Draft.Sale.Total))
                : EnterNumbered(record, line, intended, held, _ranges);
        }

        return _ranges.Take(intended.Draft.Kind, intended.Draft.IssuedOn) switch
        {
            RangeDraw.Taken taken => EnterNumbered(record, line, intended, taken.Identity, taken.Rest),
            RangeDraw.Exhausted exhausted => Refuse(exhausted),
            RangeDraw other => throw new InvalidOperationException($"expected a draw that is known, found {other}"),
        };
    }

    /// <summary>The caller drafted a moment ago: the date may be another by now (at midnight), or the shop's catalogue.</summary>
    private bool IsOutdated(IntendedEntry.Invoice intended) =>
        !ReferenceEquals(intended.Catalogue, Catalogue)
        || (intended.Draft is { DateSource: DateSource.Device, Recovered: null }
            && intended.Draft.IssuedOn != VietnamTime.DateOf(DateTimeOffset.FromUnixTimeMilliseconds(_recordedAt)));

    private RecordResult Refuse(RangeDraw.Exhausted exhausted)
    {
        Exhausted = $"used up: {exhausted.Missing}; have the next range granted";
        return new(new RecordOutcome.NotNow(Exhausted));
    }

    private RecordResult EnterNumbered(
        PreparedRecord record, LineState line, IntendedEntry.Invoice intended, in InvoiceIdentity identity, RangeAllocation rest,
        LeasedIdentity? leased = null)
    {
        PendingEntry entry;
        try
        {
            entry = Append(intended.Content.Number(identity), record.Buyer);
        }
        catch (EntryTooLargeException large)
        {
            return EnterHole(record, line, new(RecordPreparation.TooLarge, large.Message, intended.Draft.Sale.Total), leased);
        }

        KeepLeased(line, leased, entry);
        _ranges = rest;
        if (intended.Draft.Recovered is { } held)
        {
            Write(file => file.InsertRecovered(held.Code.ToString(), held.Series.ToString(), held.Number, entry.Unsigned.Position));
            _recovered.Add(held);
        }

        RecordResult result = new(intended.Draft.Number(identity), entry);
        Keep(record, line, entry, StoredOutcome.Issued, reason: null, result);
        return result;
    }

    /// <summary>Notes which entry bears a leased code, so that it is found by it.</summary>
    private void KeepLeased(LineState line, LeasedIdentity? leased, PendingEntry entry)
    {
        if (leased is { } printed && FindLease(line.Key, printed.Lease)?.Lease.PlaceOf(printed.Identity) is { } place)
        {
            Write(file => file.InsertLeased(printed.Lease, place, entry.Unsigned.Position));
        }
    }

    private RecordResult EnterHole(
        PreparedRecord record, LineState line, IntendedEntry.Hole hole, LeasedIdentity? leased = null, bool isCodeConflict = false)
    {
        EntryAttachment? attachment = record.Attachment ?? EntryAttachment.OfRecord(record.Bytes);
        PendingEntry entry = Append(
            EntryContents.Hole(record.Key, hole.Rule, hole.Text, hole.Total, References(attachment, record.Buyer), leased),
            attachment, record.Buyer);
        RecordResult result = new(new RecordOutcome.Held(hole.Text, isCodeConflict));
        Keep(record, line, entry, HeldAs(isCodeConflict), hole.Text, result);
        return result;
    }

    private void Keep(
        PreparedRecord record, LineState line, PendingEntry entry, StoredOutcome outcome, string? reason, RecordResult result)
    {
        ulong sequence = record.Key.Key.Sequence;
        _records.Add((line.Id, sequence, new(record.Key.Hash, entry.Unsigned.Position, outcome, reason)));
        _results.Add((line.Id, sequence), result);
        Change(line with { LastSequence = Math.Max(line.LastSequence, sequence) });
        EndLeases(line.Key);
    }

    private static IReadOnlyList<AttachmentReference> References(params IEnumerable<EntryAttachment?> attachments) =>
        [.. attachments.OfType<EntryAttachment>().Select(attachment => attachment.Reference)];
}
