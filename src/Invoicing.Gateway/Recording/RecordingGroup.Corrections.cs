using System.Buffers.Binary;
using System.Collections.Immutable;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Gateway.Recording;

/// <content>Corrections: goods that a register takes back, and what a person puts right. Each has a group of its own.</content>
internal sealed partial class RecordingGroup
{
    /// <summary>The line that corrections made on the device are entered under: they rest on no register's record.</summary>
    private static readonly RegisterId Operator = new("EDGE-OPERATOR");

    /// <summary>Corrects an invoice on a person's or a program's order.</summary>
    public CorrectionResult Correct(CorrectionRequest request)
    {
        if (Refusal is { } refusal)
        {
            return CorrectionResult.NotNow(refusal);
        }

        SignedEntry? entry = _stored().FindCoded(request.Corrected, _ranges, _head.Position);
        Invoice? original = entry is null ? null : JournalFile.InvoiceOf(entry);
        CorrectedInvoice? corrected = original is null ? request.Known : CorrectedInvoice.Of(original, entry!.Hash);
        if (corrected is null || corrected.Code != request.Corrected)
        {
            return CorrectionResult.Refused([new(
                RecordPreparation.NotHere, nameof(request.Corrected), "an invoice of this journal, or its code, series, number and date from its customer's copy",
                request.Corrected.ToString())]);
        }

        List<Correction> before = _stored().ReadCorrections(request.Corrected);
        return request.Type == CorrectionType.BuyerNotice
            ? EnterNotice(request, corrected, entry, before)
            : EnterCorrecting(request, corrected, original, entry, before);
    }

    private CorrectionResult EnterNotice(CorrectionRequest request, CorrectedInvoice corrected, SignedEntry? entry, List<Correction> before)
    {
        ImmutableArray<RuleFault> faults = CorrectionRules.Judge(request.Type, corrected, request.Reason, draft: null, original: null, before);
        Buyer buyer = request.Buyer ?? new();
        faults = [.. faults, .. CorrectionRules.JudgeNotice(buyer, entry is null ? null : _stored().ReadBuyer(entry))];
        if (faults.Length > 0)
        {
            return CorrectionResult.Refused(faults);
        }

        var correction = new Correction { Type = request.Type, Corrected = corrected, Reason = request.Reason };
        EntryAttachment attachment = EntryAttachment.OfBuyer(buyer)!; // judged: it names somebody
        RegisterRecordKey key = NextOperatorRecord(Sha256Hash.Of(attachment.Stored.Content.Span), out LineState line);
        PendingEntry pending = Append(CorrectionContents.From(correction, key, [attachment.Reference]), attachment);
        KeepCorrection(correction, pending);
        KeepOperatorRecord(line, key, pending, StoredOutcome.Recorded);
        return new(correction, pending, []);
    }

    private CorrectionResult EnterCorrecting(
        CorrectionRequest request, CorrectedInvoice corrected, Invoice? original, SignedEntry? entry, List<Correction> before)
    {
        if ((request.Sale ?? original?.Sale) is not { } rung)
        {
            return CorrectionResult.Refused([new(
                RecordPreparation.NotHere, nameof(request.Sale), "what was sold, as the corrected invoice is not in this journal", "none")]);
        }

        if (request.Type == CorrectionType.Adjustment && _preparation.JudgeGoods(rung) is { IsEmpty: false } wrong)
        {
            return CorrectionResult.Refused(wrong);
        }

        // By no register's clock: the correction is made now.
        SaleKey place = OperatorKey();
        Sale sale = request.Type == CorrectionType.Adjustment ? SaleReversal.Of(rung, place) : rung with { Key = place, RecordHash = null };
        Buyer? buyer = request.Buyer ?? rung.Buyer ?? (entry is null ? null : _stored().ReadBuyer(entry));
        sale = sale with { ClosedAt = null, Clock = ClockConfidence.Unknown, Buyer = buyer };
        RegisterRecordKey key = new(place, Sha256Hash.Of(SaleContent.Of(sale)), IsRecovered: false);
        if (Number(request.Type, corrected, request.Reason, sale, original, before, out RangeAllocation rest) is var (correction, faults) && correction is null)
        {
            return faults.IsEmpty ? CorrectionResult.NotNow(Exhausted!) : CorrectionResult.Refused(faults);
        }

        var attachment = EntryAttachment.OfBuyer(buyer);
        EntryContent content = CorrectionContents.From(correction, key, References(attachment));
        RegisterRecordKey record = NextOperatorRecord(key.Hash, out LineState line);
        PendingEntry pending;
        try
        {
            pending = Append(content, attachment);
        }
        catch (EntryTooLargeException large)
        {
            return CorrectionResult.Refused([new(RecordPreparation.TooLarge, nameof(request.Sale), "a correction that fits into an entry", large.Message)]);
        }

        _ranges = rest;
        KeepCorrection(correction, pending);
        KeepOperatorRecord(line, record, pending, StoredOutcome.Issued);
        return new(correction, pending, []);
    }

    /// <summary>Goods that a register takes back: an adjustment, or, where that cannot be made, an event that is held with the reason.</summary>
    private RecordResult EnterReturn(PreparedRecord record, LineState line, IntendedEntry.Return goods, LeasedIdentity? leased = null)
    {
        Invoice? original = null;
        SignedEntry? entry = null;
        string? reason = goods.Fault ?? FindSold(goods, out original, out entry);
        if (reason is not null)
        {
            return EnterEvent(record, line, new(goods.Type, reason), leased);
        }

        RegisterRecordKey key = record.Key;
        var corrected = CorrectedInvoice.Of(original!, entry!.Hash);
        Sale sold = goods.Goods is { } back ? _preparation.Complete(back, corrected.IssuedOn) : original!.Sale;
        if (_preparation.JudgeGoods(sold) is { IsEmpty: false } wrong)
        {
            return EnterEvent(record, line, new(goods.Type, Tell(wrong)), leased);
        }

        Sale sale = SaleReversal.Of(sold, key.Key) with { RecordHash = key.Hash };
        sale = goods.Goods is null ? sale with { ClosedAt = null, Clock = ClockConfidence.Unknown } : sale;
        string why = goods.Reason.Length > 0 ? goods.Reason : goods.Type == RegisterEventType.Void ? "Hủy giao dịch, trả lại toàn bộ" : "Người mua trả lại hàng";
        List<Correction> before = _stored().ReadCorrections(corrected.Code);
        (Correction? correction, ImmutableArray<RuleFault> faults) = Number(CorrectionType.Adjustment, corrected, why, sale, original, before, out RangeAllocation rest, leased);
        if (correction is null)
        {
            return faults.IsEmpty
                ? new(new RecordOutcome.NotNow(Exhausted!))
                : EnterEvent(record, line, new(goods.Type, Tell(faults)), leased);
        }

        PendingEntry pending;
        try
        {
            pending = Append(CorrectionContents.From(correction, key, []));
        }
        catch (EntryTooLargeException large)
        {
            return EnterEvent(record, line, new(goods.Type, large.Message), leased);
        }

        KeepLeased(line, leased, pending);
        _ranges = rest;
        KeepCorrection(correction, pending);
        RecordResult result = new(correction.Invoice!, pending);
        Keep(record, line, pending, StoredOutcome.Issued, reason: null, result);
        return result;
    }

    private static string Tell(ImmutableArray<RuleFault> faults) => string.Join("; ", faults.Select(RecordPreparation.Tell));

    private string? FindSold(IntendedEntry.Return goods, out Invoice? original, out SignedEntry? entry)
    {
        (original, entry) = (null, null);
        if (goods.Reference is not { } reference)
        {
            return "expected the receipt whose goods come back, found none named: correct its invoice by hand";
        }

        if (FindLine(LineKey.Of(reference)) is not { } line || _stored().FindRecord(line.Id, reference.Sequence) is not { } sold)
        {
            return $"expected record {reference} here, found none: correct its invoice by hand, as its customer's copy names it";
        }

        entry = _stored().ReadEntry(sold.Position);
        original = entry is null ? null : JournalFile.InvoiceOf(entry);
        return original is null ? $"expected an invoice for record {reference}, found it held or without one: nothing to correct" : null;
    }

    /// <summary>Judges a correction and gives its invoice a code and a number.</summary>
    /// <returns>The correction; or its faults; or neither, if the ranges are used up.</returns>
    private (Correction? Correction, ImmutableArray<RuleFault> Faults) Number(
        CorrectionType type, CorrectedInvoice corrected, string reason, Sale sale, Invoice? original, List<Correction> before, out RangeAllocation rest,
        LeasedIdentity? leased = null)
    {
        rest = _ranges;
        DraftResult drafted = _preparation.Draft(
            sale, DateTimeOffset.FromUnixTimeMilliseconds(_recordedAt), type == CorrectionType.Adjustment, corrected.IssuedOn);
        if (drafted is not DraftResult.Drafted { Draft: { } draft })
        {
            return (null, ((DraftResult.Faulty)drafted).Faults);
        }

        ImmutableArray<RuleFault> faults = CorrectionRules.Judge(type, corrected, reason, draft, original, before);
        if (!faults.IsEmpty)
        {
            return (null, faults);
        }

        if (leased is { } printed)
        {
            return printed.Identity.Code.Year == draft.IssuedOn.Year % 100
                ? (new() { Type = type, Corrected = corrected, Reason = reason, Invoice = (draft with { Lease = printed.Lease }).Number(printed.Identity) }, [])
                : (null, [new(RecordPreparation.CodeConflict, nameof(sale.ClosedAt), $"a date of issue in 20{printed.Identity.Code.Year:00}", $"{draft.IssuedOn:yyyy-MM-dd}")]);
        }

        if (_ranges.Take(draft.Kind, draft.IssuedOn) is not RangeDraw.Taken taken)
        {
            Refuse((RangeDraw.Exhausted)_ranges.Take(draft.Kind, draft.IssuedOn));
            return (null, []);
        }

        rest = taken.Rest;
        return (new() { Type = type, Corrected = corrected, Reason = reason, Invoice = draft.Number(taken.Identity) }, []);
    }

    private void KeepCorrection(Correction correction, PendingEntry pending) => Write(
        file => file.InsertCorrection(pending.Unsigned.Position, correction.Corrected.Code.ToString(), (int)correction.Type));

    /// <summary>One epoch for the chain's life: records of this line are as unique as the chain.</summary>
    private SaleKey OperatorKey()
    {
        LineKey key = OperatorLine();
        return new(key.Register, key.Epoch, (FindLine(key)?.LastSequence ?? 0) + 1);
    }

    private LineKey OperatorLine() => new(Operator, BinaryPrimitives.ReadUInt64BigEndian(_head.Chain.ToArray()));

    private RegisterRecordKey NextOperatorRecord(in Sha256Hash hash, out LineState line)
    {
        line = FindLine(OperatorLine()) ?? OpenLine(OperatorLine(), 0, baseHash: null, "corrections made on this device");
        return new(new(line.Register, line.Epoch, line.LastSequence + 1), hash, IsRecovered: false);
    }

    private void KeepOperatorRecord(LineState line, in RegisterRecordKey key, PendingEntry pending, StoredOutcome outcome)
    {
        _records.Add((line.Id, key.Key.Sequence, new(key.Hash, pending.Unsigned.Position, outcome, null)));
        Change(line with { LastSequence = key.Key.Sequence });
    }
}
