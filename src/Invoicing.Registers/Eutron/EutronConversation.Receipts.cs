using Invoicing.Registers.Drivers;
using Invoicing.Registers.Eutron.Framing;
using Invoicing.Registers.Eutron.Records;
using Invoicing.Sales;

namespace Invoicing.Registers.Eutron;

/// <content>Gives receipts their places, and their lines names.</content>
internal sealed partial class EutronConversation
{
    /// <summary>Says what a receipt is behind what is recorded.</summary>
    /// <returns>What to hand over; <see langword="null"/> if the receipt was dealt with before.</returns>
    private async Task<Fetched?> ResolveAsync(LogReceipt receipt, ulong after, CancellationToken cancellationToken)
    {
        if (receipt.Number == 0 && !Memory.HasZero)
        {
            await LearnZeroAsync(after, cancellationToken).ConfigureAwait(false);
        }

        IndexedReceipt indexed = Indexed(receipt);
        bool isAgain = after > 0 && receipt.Number == ReceiptCount.NumberOf(after, Memory.HasZero);
        if (isAgain)
        {
            return _passed is { } passed && LogIndex.IsSetBack(passed, indexed, Memory.HasZero)
                ? await ResetAsync(receipt, after, cancellationToken).ConfigureAwait(false)
                : Again(receipt, after);
        }

        if (ReceiptCount.Following(after, receipt.Number, Memory.HasZero) is not { } sequence)
        {
            return await ResetAsync(receipt, after, cancellationToken).ConfigureAwait(false);
        }

        if (sequence > after + 1)
        {
            return Lost(receipt, after, sequence);
        }

        if (NeedsNames(receipt))
        {
            await NameAsync(cancellationToken).ConfigureAwait(false);
        }

        RegisterRecord record = Read(receipt, sequence);
        if (record.Unreadable is not null && _doubted != receipt.Hash)
        {
            // Two flipped bits can pass the sum of a frame: what does not add up is read twice before it is believed.
            _doubted = receipt.Hash;
            FromHead();
            return await FetchAsync(after, cancellationToken).ConfigureAwait(false);
        }

        _pendingSequence = sequence;
        return new Fetched.Record(record);
    }

    private RegisterRecord Read(LogReceipt receipt, ulong sequence) => ReceiptReader.Read(
        receipt, new(_book!.Register, Memory.Epoch, sequence), _names ?? PluTable.Empty, protocol.Options.Tenders);

    /// <summary>The number that is recorded last came again: nothing if its content is the same, else the recorder is to keep both.</summary>
    private Fetched.Record? Again(LogReceipt receipt, ulong after)
    {
        bool isKnown = Memory.Sequence == after && Memory.Hash != receipt.Hash && protocol.Conflicting != receipt.Hash;
        if (!isKnown)
        {
            protocol.Counters.Add("repeated receipts");
            return null;
        }

        protocol.Counters.Add("changed receipts");
        protocol.Conflicting = receipt.Hash;
        return new(Read(receipt, after));
    }

    /// <summary>Receipts are missing: read again once, and if they still are, the ring ran over them.</summary>
    private Fetched.Lost? Lost(LogReceipt receipt, ulong after, ulong sequence)
    {
        if (_gapSeen != sequence)
        {
            _gapSeen = sequence;
            FromHead();
            return null;
        }

        return new(
            after + 1,
            sequence - 1,
            after == 0
                ? $"the log begins with receipt {receipt.Number:000000}"
                : $"the log goes on with receipt {receipt.Number:000000}: the register dropped what it had no room for");
    }

    private async Task<Fetched?> ResetAsync(LogReceipt receipt, ulong after, CancellationToken cancellationToken)
    {
        RegisterId register = _book!.Register;
        ulong epoch = EpochOf(register, receipt.Stamp.Span);
        if (epoch == Memory.Epoch)
        {
            protocol.Counters.Add("repeated receipts");
            return null; // this very life's first receipt again
        }

        // Before anybody hears of the new life: a restart must go on in it, not find a way back to the old one.
        await RememberAsync(
            Memory with { Epoch = epoch, HasZero = false, Sequence = 0, Hash = default }, cancellationToken).ConfigureAwait(false);
        _pendingSequence = 0;
        _gapSeen = 0;
        return new Fetched.Reset(
            Identity(register, 0),
            $"receipt {receipt.Number:000000} came behind {ReceiptCount.NumberOf(after, hasZero: false):000000}: its counter was set back");
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

    /// <summary>A receipt is dealt with: the record that completed it is accepted.</summary>
    private async Task PassAsync(LogReceipt receipt, CancellationToken cancellationToken)
    {
        if (_pending is null)
        {
            return; // given up meanwhile, to be read again
        }

        _passed = Indexed(receipt);
        _pending = null;
        _pendingSequence = 0;
        _interruptions = 0;
        bool isHeld = _held is not null;
        _held = null;
        if (_isBroken)
        {
            _isBroken = false;
            FromHead();
        }
        else if (isHeld)
        {
            await link.AcceptAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A quiet moment: what was recorded is noted, and names that are old are read again.</summary>
    private async Task AtRestAsync(CancellationToken cancellationToken)
    {
        if (_isUnsaved)
        {
            _isUnsaved = false;
            await RememberAsync(Memory, cancellationToken).ConfigureAwait(false);
        }

        if (protocol.Time.GetUtcNow() - _namesAt >= protocol.Options.NamesLifetime)
        {
            _missing.Clear();
            await ReadNamesAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The names of the last time, which those receipts were rung up with that were not read yet; else those of now.</summary>
    private async Task LoadNamesAsync(CancellationToken cancellationToken)
    {
        if (_names is not null)
        {
            return;
        }

        KeptCapture? kept = Memory.Table > 0 ? await _book!.ReadAsync(Memory.Table, cancellationToken).ConfigureAwait(false) : null;
        if (kept is not null)
        {
            _names = PluTable.Read(kept.Bytes, protocol.Options.NameEncoding);
            return;
        }

        await ReadNamesAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the table of articles and keeps it where it changed. Without an answer the sales go on with the names that are there.</summary>
    private async Task ReadNamesAsync(CancellationToken cancellationToken)
    {
        _namesAt = protocol.Time.GetUtcNow();
        if (await link.ReadTableAsync((ushort)protocol.Options.PluTable, cancellationToken).ConfigureAwait(false) is not { } rows)
        {
            protocol.Counters.Add("tables not told");
            return;
        }

        var names = PluTable.Of(rows, protocol.Options.NameEncoding);
        bool isSame = _names is not null && _names.Bytes.Span.SequenceEqual(names.Bytes.Span);
        _names = names;
        if (isSame || names.Bytes.Length is 0 or > ICaptureBook.MaxLength)
        {
            return;
        }

        long piece = await _book!.KeepAsync(_namesAt, isWhole: true, names.Bytes, cancellationToken).ConfigureAwait(false);
        await _book.JudgeAsync(
            piece, new(CaptureClass.Other, $"table of articles: {names.Count} names", ReceiptKey: null, TakesRecord: false), cancellationToken)
            .ConfigureAwait(false);
        await RememberAsync(Memory with { Table = piece }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether a receipt has articles that the table does not know, or came behind a change of the price list.</summary>
    private bool NeedsNames(LogReceipt receipt)
    {
        if (_isNamedFor)
        {
            return false;
        }

        _isNamedFor = true;
        bool isUnknown = false;
        foreach (FlowRecord part in receipt.Records)
        {
            // Asked for once: an article that the table does not have is not looked for with every receipt.
            isUnknown |= part is { Type: FlowType.Plu, Article: { } article } && _names?.NameOf(article) is null
                && _missing.Count < MaxMissing && _missing.Add(article);
        }

        return receipt.IsAfterPriceList || isUnknown;
    }

    /// <summary>Reads the names in the middle of a dump; the record in hand, which is not accepted, comes again behind it.</summary>
    private async Task NameAsync(CancellationToken cancellationToken)
    {
        await link.BreakOffAsync(cancellationToken).ConfigureAwait(false);
        await ReadNamesAsync(cancellationToken).ConfigureAwait(false);
        if (_held is not { } held)
        {
            return; // the log had ended: nothing is in hand
        }

        LogStep step = await link.NextAsync(cancellationToken).ConfigureAwait(false);
        if (step is LogStep.Record first && FlowRecord.Read(first.Bytes).Type == FlowType.EcrNumber)
        {
            await link.AcceptAsync(cancellationToken).ConfigureAwait(false);
            step = await link.NextAsync(cancellationToken).ConfigureAwait(false);
        }

        if (step is not LogStep.Record again || !again.Bytes.Span.StartsWith(held.Span))
        {
            _isBroken = true;
            _held = null;
        }
    }
}
