using Invoicing.Registers.Drivers;
using Invoicing.Registers.Eutron.Framing;
using Invoicing.Registers.Eutron.Records;

namespace Invoicing.Registers.Eutron;

/// <content>Reads the log: the whole of it, or on from the pointer.</content>
internal sealed partial class EutronConversation
{
    /// <summary>Reads the whole log from its head. The register's pointer stands at its end then.</summary>
    private async Task<LogIndex> ScanAsync(bool hasZero, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < MaxInterruptions; attempt++)
        {
            link.Rewind();
            _assembler.Reset();
            if (await TryScanAsync(hasZero, cancellationToken).ConfigureAwait(false) is { } index)
            {
                return index;
            }
        }

        throw new RegisterTroubleException(
            $"{protocol.Line}: expected to read the log from its head, found that it broke off {MaxInterruptions} times; look after cable, speed and parity");
    }

    private async Task<LogIndex?> TryScanAsync(bool hasZero, CancellationToken cancellationToken)
    {
        LogIndex index = new();
        while (true)
        {
            LogReceipt? receipt = null;
            LogStep step = await link.NextAsync(cancellationToken).ConfigureAwait(false);
            switch (step)
            {
                case LogStep.Record record:
                    receipt = Assembled(FlowRecord.Read(record.Bytes));
                    await link.AcceptAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case LogStep.Interrupted when _assembler.IsOpen:
                    protocol.Counters.Add("interruptions");
                    return null;
                case LogStep.Interrupted:
                    protocol.Counters.Add("interruptions");
                    if (++_interruptions > MaxInterruptions)
                    {
                        return null;
                    }

                    break;
                case LogStep.End:
                    receipt = _assembler.AtEnd(); // one without END stays open: the rest of it comes behind the pointer
                    if (receipt is null)
                    {
                        _interruptions = 0;
                        return index;
                    }

                    break;
                case LogStep.Busy:
                    throw new RegisterTroubleException($"{protocol.Line}: a sale is open at the register; its log is read when it is closed");
                default:
                    throw new RegisterTroubleException(
                        $"{protocol.Line}: expected a register that answers to the log's request, found silence; look whether it is on, and at speed, parity and cable");
            }

            if (receipt is not null && !index.TryAdd(Indexed(receipt), hasZero))
            {
                throw new RegisterTroubleException(
                    $"{protocol.Line}: expected a log of at most {LogIndex.MaxReceipts} receipts, found more; it is no register of this family");
            }

            if (step is LogStep.End)
            {
                _interruptions = 0;
                return index;
            }
        }
    }

    /// <summary>Takes a record of the log; what completes a receipt is held until the receipt is dealt with.</summary>
    private async Task TakeAsync(FlowRecord record, CancellationToken cancellationToken)
    {
        _silence = 0;
        if (Assembled(record) is { } receipt && !IsSkipped(receipt))
        {
            _pending = receipt;
            _pendingSequence = 0;
            _isNamedFor = false;
            _held = record.Bytes;
            return;
        }

        await link.AcceptAsync(cancellationToken).ConfigureAwait(false);
    }

    private LogReceipt? Assembled(in FlowRecord record)
    {
        switch (record.Type)
        {
            case FlowType.EcrNumber:
                _ecr = record.Ecr;
                if (_memory is not null)
                {
                    RequireSame();
                }

                return null;
            case FlowType.Unknown:
                protocol.Counters.Add("unknown records");
                return null;
            default:
                long orphans = _assembler.Orphans;
                LogReceipt? receipt = _assembler.Take(record);
                if (_assembler.Orphans != orphans)
                {
                    protocol.Counters.Add("records outside of a receipt");
                }

                return receipt;
        }
    }

    /// <summary>Whether a receipt was dealt with before: everything up to the last of them.</summary>
    private bool IsSkipped(LogReceipt receipt)
    {
        if (_seek is not { } sought)
        {
            return false;
        }

        if (sought.Number == receipt.Number && sought.Hash == receipt.Hash)
        {
            _seek = null;
        }

        return true;
    }

    /// <summary>Goes on where a dump broke off: in the middle of a receipt from the log's head, because what was accepted last is not certain.</summary>
    private void Resume(LogStep.Interrupted interrupted)
    {
        protocol.Counters.Add("interruptions");
        if (++_interruptions > MaxInterruptions)
        {
            throw new RegisterTroubleException(
                $"{protocol.Line}: expected the register's log, found that it broke off {_interruptions} times ({interrupted.Reason}); look after cable, speed and parity");
        }

        if (_assembler.IsOpen)
        {
            FromHead();
        }
    }

    /// <summary>Reads again from the log's head, up to the last receipt that was dealt with.</summary>
    private void FromHead()
    {
        protocol.Counters.Add("rewinds");
        link.Rewind();
        _assembler.Reset();
        _seek = _passed;
        _pending = null;
        _held = null;
    }

    /// <summary>What to do when the register has nothing, or says nothing.</summary>
    /// <returns>Whether there is something to go on with.</returns>
    private async Task<bool> RestAsync(LogStep step, ulong after, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case LogStep.End when _assembler.AtEnd() is { } receipt:
                if (!IsSkipped(receipt))
                {
                    _pending = receipt;
                    _pendingSequence = 0;
                    _isNamedFor = false;
                    _held = null;
                }

                return true;
            case LogStep.End when _seek is not null:
                // The ring ran over it meanwhile: look again where everything stands.
                Resume(new("the receipt that was recorded last is no longer in the log"));
                _seek = null;
                _index = await ScanAsync(Memory.HasZero, cancellationToken).ConfigureAwait(false);
                await PositionAsync(after, cancellationToken).ConfigureAwait(false);
                return true;
            case LogStep.End:
                _silence = 0;
                await AtRestAsync(cancellationToken).ConfigureAwait(false);
                return false;
            case LogStep.Silent when ++_silence >= MaxSilence:
                throw new RegisterTroubleException(
                    $"{protocol.Line}: expected a reply to one of {MaxSilence} questions, found none; look whether the register is on");
            default:
                return false;
        }
    }
}
