using Invoicing.Registers.Drivers;
using Invoicing.Registers.Eutron.Framing;
using Invoicing.Registers.Eutron.Records;

namespace Invoicing.Registers.Eutron;

/// <content>Reads the log on from the pointer, or from its head.</content>
internal sealed partial class EutronConversation
{
    /// <summary>The next record; whatever happens to the line, what was accepted and may come again is noted.</summary>
    private async Task<LogStep> NextAsync(CancellationToken cancellationToken)
    {
        if (_reading.IsRewindDue && !_isRewinding)
        {
            link.Rewind();
            _isRewinding = true;
        }

        _reading.HasTalked = true;
        long damaged = link.DamagedFrames;
        try
        {
            LogStep step = await link.NextAsync(cancellationToken).ConfigureAwait(false);
            if (_isRewinding && step is LogStep.Record or LogStep.End)
            {
                (_reading.IsRewindDue, _isRewinding) = (false, false);
            }

            return step;
        }
        finally
        {
            _reading.Uncertain = link.Uncertain;
            _reading.WaryFor = link.DamagedFrames > damaged ? LogReading.Wary : _reading.WaryFor;
        }
    }

    /// <summary>Lets the register's pointer move behind the record in hand.</summary>
    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        _interruptions = 0;
        _silence = 0;
        _reading.First = null;
        try
        {
            await link.AcceptAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _reading.Uncertain = link.Uncertain;
        }
    }

    /// <summary>Takes a record of the log; what completes a receipt that is not known is held until the receipt is dealt with.</summary>
    private async Task TakeAsync(FlowRecord record, CancellationToken cancellationToken)
    {
        _silence = 0;
        switch (record.Type)
        {
            case FlowType.EcrNumber:
                _ecr = record.Ecr;
                RequireSame();
                await link.AcceptAsync(cancellationToken).ConfigureAwait(false); // no record of the ring: what is doubted or counted stays so
                return;
            case var _ when await IsToBeReadAgainAsync(record, cancellationToken).ConfigureAwait(false):
                return;
            case FlowType.Unknown:
                protocol.Counters.Add("unknown records");
                await AcceptAsync(cancellationToken).ConfigureAwait(false);
                return;
            case var _ when IsUnplaced(record):
                return;
            default:
                break;
        }

        if (_reading.Assembler.Preview(record) is { } receipt && !IsDealtWith(receipt)
            && !await IsPassedOverAsync(cancellationToken).ConfigureAwait(false))
        {
            Begin(receipt, record.Bytes);
            return;
        }

        Assemble(record);
        await AcceptAsync(cancellationToken).ConfigureAwait(false);
    }

    private void Begin(LogReceipt receipt, ReadOnlyMemory<byte>? held)
    {
        _pending = receipt;
        _pendingSequence = 0;
        _held = held;
    }

    private void Assemble(FlowRecord record)
    {
        long orphans = _reading.Assembler.Orphans;
        _ = _reading.Assembler.Take(record);
        if (_reading.Assembler.Orphans != orphans)
        {
            protocol.Counters.Add("records outside of a receipt");
        }
    }

    /// <summary>
    /// Whether a record has to come once more before it is believed: where it may begin or complete a new receipt, and the line damages frames,
    /// one of 256 of which passes its sum. A refused record stays in the log; the till shows an error for it, so a good line is not asked twice.
    /// </summary>
    private async Task<bool> IsToBeReadAgainAsync(FlowRecord record, CancellationToken cancellationToken)
    {
        bool isBehind = !_reading.IsBehindKnown && !Memory.Recent.IsEmpty;
        bool isDoubted = protocol.Options.ReadsTwice || _reading.WaryFor > 0;
        if (protocol.Options.IsTcp || isBehind || !isDoubted)
        {
            return false;
        }

        if (_reading.First is { } first && first.Span.SequenceEqual(record.Bytes.Span))
        {
            _reading.WaryFor = Math.Max(0, _reading.WaryFor - 1);
            return false;
        }

        if (_reading.First is not null)
        {
            protocol.Counters.Add("records that differed");
            Interrupted("a record read twice was not the same");
        }

        _reading.First = record.Bytes;
        await link.BreakOffAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Whether a record belongs to a receipt whose beginning this process did not see: the log is read from its head then. At the head it is
    /// what the ring left of a receipt.
    /// </summary>
    private bool IsUnplaced(in FlowRecord record)
    {
        bool isOfReceipt = record.Type is FlowType.Department or FlowType.Plu or FlowType.End or FlowType.DiscountPercent or FlowType.DiscountAmount
            or FlowType.SubtotalPercent or FlowType.SubtotalAmount or FlowType.TotalVoid;
        if (!isOfReceipt || _reading.IsFromHead || _reading.Assembler.HasBegun)
        {
            return false;
        }

        FromHead();
        return true;
    }

    /// <summary>Whether a receipt was dealt with before: by its mark or, from the log's head on, read otherwise than it was then.</summary>
    private bool IsDealtWith(LogReceipt receipt)
    {
        var mark = ReceiptMark.Of(receipt);
        bool isKept = Known.Has(mark);
        if (!isKept && _reading.Conflicting != receipt.Hash && !IsReadOtherwise(receipt, mark))
        {
            return false;
        }

        int at = isKept ? Memory.Recent.LastIndexOf(mark) : PlaceOf(mark.Key);
        int behind = at >= 0 ? Memory.Recent.Length - 1 - at : isKept ? -1 : 0;
        _reading.Known(isKept || at < 0 ? mark : Memory.Recent[at], behind);
        return true;
    }

    /// <summary>
    /// Whether a receipt whose bytes are not known is one that was dealt with, and one of the two readings was damaged unseen. Number and time of
    /// its beginning say so; of the one that was dealt with last also its place does, if it differs no more than such damage can make it. What
    /// differs more is looked at, for the recorder to keep.
    /// </summary>
    private bool IsReadOtherwise(LogReceipt receipt, ReceiptMark mark)
    {
        if (_reading is not { IsFromHead: true, IsAnchorSeen: false } || Memory.Recent.IsEmpty)
        {
            return false;
        }

        bool isAnchor = mark.Key == Memory.Recent[^1].Key
            || (_reading.IsAnchorNext && receipt.Number == ReceiptCount.NumberOf(Memory.Sequence, Memory.HasZero));
        bool isSame = isAnchor
            ? _reading.Last is { } last && receipt.IsLike(last)
            : receipt.HasKey && Known.HasKey(mark.Key);
        if (isSame)
        {
            protocol.Counters.Add("receipts read otherwise");
        }

        return isSame;
    }

    /// <summary>The newest of the receipts that were dealt with last that has a key; -1 if none has.</summary>
    private int PlaceOf(uint key)
    {
        for (int i = Memory.Recent.Length - 1; i >= 0; i--)
        {
            if (Memory.Recent[i].Key == key)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>
    /// Whether a receipt that is not known stands before one that was dealt with: everything there was dealt with, if perhaps read
    /// otherwise then, or is no longer in the index. It is passed over until the log's end says that the other one is not there.
    /// </summary>
    private async Task<bool> IsPassedOverAsync(CancellationToken cancellationToken)
    {
        if (_reading.IsBehindKnown || Memory.Recent.IsEmpty)
        {
            return false;
        }

        _reading.HasPassedOver = true;
        if (!Memory.IsAhead)
        {
            // The pointer goes on; after a crash the log must be read from its head.
            await RememberAsync(Memory with { IsAhead = true }, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>The dump broke off, and goes on at the record that was not accepted.</summary>
    private void Interrupted(string reason)
    {
        protocol.Counters.Add("interruptions");
        if (++_interruptions > MaxInterruptions)
        {
            throw new RegisterTroubleException(
                $"{protocol.Line}: expected the register's log, found that it broke off {_interruptions} times at one record ({reason}); look after cable, speed and parity");
        }
    }

    private void Silent()
    {
        if (++_silence >= MaxSilence)
        {
            throw new RegisterTroubleException(
                $"{protocol.Line}: expected a reply to one of {MaxSilence} questions, found none; look whether the register is on");
        }
    }

    /// <summary>Reads again from the log's head: what is known there is passed over.</summary>
    private void FromHead(bool isAnchorGone = false)
    {
        protocol.Counters.Add("rewinds");
        _reading.FromHead(isAnchorGone);
        _isRewinding = false;
        _pending = null;
        _held = null;
    }

    /// <summary>What to do when the register has nothing, or says nothing.</summary>
    /// <returns>Whether there is something to go on with.</returns>
    private async Task<bool> RestAsync(LogStep step, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case LogStep.End when _reading.Assembler.PreviewEnd() is { } receipt:
                if (IsDealtWith(receipt) || await IsPassedOverAsync(cancellationToken).ConfigureAwait(false))
                {
                    _ = _reading.Assembler.AtEnd();
                }
                else
                {
                    Begin(receipt, held: null);
                }

                return true;
            case LogStep.End when _reading is { IsBehindKnown: false, HasPassedOver: true }:
                protocol.Counters.Add("rewinds");
                _reading.FromHeadWithoutAnchor();
                (_isRewinding, _pending, _held) = (false, null, null);
                return true;
            case LogStep.End:
                _silence = 0;
                _interruptions = 0;
                _reading.AtEnd();
                await AtRestAsync(cancellationToken).ConfigureAwait(false);
                return false;
            case LogStep.Silent:
                Silent();
                return false;
            default:
                return false;
        }
    }

    /// <summary>A quiet moment: what was dealt with is noted, and names that are old are read again.</summary>
    private async Task AtRestAsync(CancellationToken cancellationToken)
    {
        if (_unsaved > 0 || Memory.IsAhead)
        {
            await RememberAsync(Memory with { IsAhead = false }, cancellationToken).ConfigureAwait(false);
        }

        await RefreshNamesAsync(cancellationToken).ConfigureAwait(false);
    }
}
