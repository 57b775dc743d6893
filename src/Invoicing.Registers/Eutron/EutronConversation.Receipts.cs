using Invoicing.Registers.Drivers;
using Invoicing.Registers.Eutron.Records;
using Invoicing.Sales;

namespace Invoicing.Registers.Eutron;

/// <content>Gives receipts their places.</content>
internal sealed partial class EutronConversation
{
    /// <summary>How often a receipt is read again because it does not add up and never reads the same: then it is entered as unreadable.</summary>
    private const int MaxDoubts = 4;

    /// <summary>Says what a receipt is that was not dealt with yet.</summary>
    /// <returns>What to hand over; <see langword="null"/> if it was dealt with meanwhile, or is read again.</returns>
    private async Task<Fetched?> ResolveAsync(LogReceipt receipt, ulong after, CancellationToken cancellationToken)
    {
        if (receipt.Number == 0 && !Memory.HasZero)
        {
            await LearnZeroAsync(after, cancellationToken).ConfigureAwait(false);
        }

        if (_reading is { IsAnchorGone: true, IsAnchorSeen: false, IsAnchorNext: true } && receipt.IsClosed
            && receipt.Number == ReceiptCount.NumberOf(Memory.Sequence, Memory.HasZero))
        {
            return Changed(receipt);
        }

        ulong last = Memory.Sequence;
        ulong? sequence = last == 0 ? FirstOf(receipt)
            : ReceiptCount.IsSetBack(last, receipt.Number, Memory.HasZero) ? null
            : ReceiptCount.Following(last, receipt.Number, Memory.HasZero);
        if (sequence is { } next && (next == last + 1 || last == 0))
        {
            return await FollowingAsync(receipt, next, after, cancellationToken).ConfigureAwait(false);
        }

        if (!_reading.IsFromHead)
        {
            FromHead();
            return null;
        }

        return sequence is { } later
            ? await BehindGapAsync(receipt, later, after, cancellationToken).ConfigureAwait(false)
            : await SetBackAsync(receipt, after, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sequence of a life's first receipt. Where 000000 is one, it stands for a round of its own.</summary>
    private static ulong FirstOf(LogReceipt receipt) => receipt.Number == 0 ? ReceiptCount.Last + 1 : (ulong)receipt.Number;

    private async Task<Fetched?> FollowingAsync(LogReceipt receipt, ulong sequence, ulong after, CancellationToken cancellationToken)
    {
        if (sequence <= after)
        {
            // Recorded before a crash, and not noted any more.
            await DealtWithAsync(receipt, sequence, cancellationToken).ConfigureAwait(false);
            return null;
        }

        if (sequence > after + 1)
        {
            return new Fetched.Lost(after + 1, sequence - 1, $"the log begins with receipt {receipt.Number:000000}");
        }

        if (await IsNamedFirstAsync(receipt, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        RegisterRecord record = Read(receipt, sequence);
        bool isSure = _reading.Doubt.Hash == receipt.Hash || _reading.Doubt.Count >= MaxDoubts;
        if (!isSure && (record.Unreadable is not null || receipt.IsDoubtful || !receipt.IsClosed || HasDoubtfulArticle(receipt)))
        {
            // Two flipped bits can pass the sum of a frame, and somebody else may have moved the pointer: what does not add up is read twice
            // before it is believed. So is a receipt without END: a ring that ran over drops the rest of the one that is being read, too, and
            // then what was read of it is no longer in the log.
            _reading.Doubt = (receipt.Hash, _reading.Doubt.Count + 1);
            FromHead();
            return null;
        }

        foreach (long article in ArticlesOf(receipt))
        {
            _reading.Names?.Confirm(article);
        }

        _pendingSequence = sequence;
        return new Fetched.Record(record);
    }

    /// <summary>Whether a code is met that the register itself does not know, for the first time: damage can have made it, as no total shows.</summary>
    private bool HasDoubtfulArticle(LogReceipt receipt) =>
        !protocol.Options.IsTcp && _reading.Names is { } names && ArticlesOf(receipt).Any(names.IsDoubtful);

    private RegisterRecord Read(LogReceipt receipt, ulong sequence) => ReceiptReader.Read(
        receipt, new(Book.Register, Memory.Epoch, sequence), _reading.Names?.Of(ArticlesOf(receipt)) ?? PluTable.Empty, protocol.Options.Tenders);

    /// <summary>Numbers are missing, also from the log's head on.</summary>
    private async Task<Fetched?> BehindGapAsync(LogReceipt receipt, ulong sequence, ulong after, CancellationToken cancellationToken)
    {
        if (sequence <= after)
        {
            await DealtWithAsync(receipt, sequence, cancellationToken).ConfigureAwait(false);
            return null;
        }

        return _reading.IsAnchorSeen || !_reading.IsKnownSeen || Memory.Released == ReceiptMark.Of(receipt)
            ? new Fetched.Lost(
                Math.Max(after, Memory.Sequence) + 1,
                sequence - 1,
                _reading.IsAnchorSeen
                    ? $"the log goes on with receipt {receipt.Number:000000} without a break: a report or something else that leaves no receipt took the numbers"
                    : $"the log goes on with receipt {receipt.Number:000000}: the register dropped what it had no room for")
            : await StopAsync(receipt, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The number is not a later one. That is a new life of the counter if the receipt stands behind the one that was dealt with last; where
    /// that one is not in the log, it may as well be another register's log, or an old memory that was put back, and a person decides.
    /// </summary>
    private async Task<Fetched?> SetBackAsync(LogReceipt receipt, ulong after, CancellationToken cancellationToken)
    {
        bool isProven = _reading.IsAnchorSeen && Memory.Sequence >= after;
        if (!isProven && Memory.Released != ReceiptMark.Of(receipt))
        {
            return await StopAsync(receipt, cancellationToken).ConfigureAwait(false);
        }

        RegisterId register = Book.Register;
        ulong epoch = EpochOf(register, ReceiptMark.Of(receipt));
        int before = ReceiptCount.NumberOf(Memory.Sequence, Memory.HasZero);

        // Before anybody hears of the new life: a restart must go on in it, not find a way back to the old one.
        await RememberAsync(Memory with { Epoch = epoch, HasZero = false, Sequence = 0, Released = default }, cancellationToken).ConfigureAwait(false);
        _isResetInHand = true;
        return new Fetched.Reset(
            Identity(register, epoch, 0), $"receipt {receipt.Number:000000} came behind {before:000000}: its counter was set back");
    }

    /// <summary>Nothing proves that a receipt is new: the line stops until a person opens it, and then goes on with this receipt.</summary>
    private async Task<Fetched?> StopAsync(LogReceipt receipt, CancellationToken cancellationToken)
    {
        await RememberAsync(Memory with { Released = ReceiptMark.Of(receipt) }, cancellationToken).ConfigureAwait(false);
        return new Fetched.Behind((ulong)receipt.Number);
    }

    /// <summary>The receipt that is recorded last reads otherwise, twice: the recorder is to keep both.</summary>
    private Fetched.Record? Changed(LogReceipt receipt)
    {
        if (_reading.Doubt.Hash != receipt.Hash)
        {
            _reading.Doubt = (receipt.Hash, _reading.Doubt.Count + 1);
            FromHead(isAnchorGone: true);
            return null;
        }

        protocol.Counters.Add("changed receipts");
        _reading.Conflicting = receipt.Hash;
        _pendingSequence = Memory.Sequence;
        return new Fetched.Record(Read(receipt, Memory.Sequence));
    }

    private async Task LearnZeroAsync(ulong after, CancellationToken cancellationToken)
    {
        if (after > ReceiptCount.Last)
        {
            throw new RegisterTroubleException(
                $"{protocol.Line}: expected receipt numbers from 000001, as in the rounds before, found 000000; two registers answer on this line, or its firmware was changed");
        }

        await RememberAsync(Memory with { HasZero = true }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A receipt is dealt with: its mark is kept, and the record that completed it is accepted.</summary>
    private async Task DealtWithAsync(LogReceipt receipt, ulong sequence, CancellationToken cancellationToken)
    {
        var mark = ReceiptMark.Of(receipt);
        Known.Add(mark);
        Memory = Memory with { Sequence = Math.Max(sequence, Memory.Sequence), Recent = Memory.Recent.Add(mark) };
        _reading.DealtWith(receipt);
        ReadOnlyMemory<byte>? held = _held;
        (_pending, _pendingSequence, _held) = (null, 0, null);
        if (++_unsaved >= MaxUnsaved)
        {
            await RememberAsync(Memory, cancellationToken).ConfigureAwait(false);
        }

        if (held is { } record)
        {
            Assemble(FlowRecord.Read(record));
            await AcceptAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            _ = _reading.Assembler.AtEnd();
        }
    }
}
