using Invoicing.Registers.Drivers;
using Invoicing.Registers.Eutron.Framing;
using Invoicing.Registers.Eutron.Records;
using Invoicing.Sales;

namespace Invoicing.Registers.Eutron;

/// <content>Finds the place in the log where nothing, or the wrong thing, is remembered of a register.</content>
internal sealed partial class EutronConversation
{
    /// <inheritdoc/>
    public async Task<Fetched?> ReconcileAsync(ulong durable, CancellationToken cancellationToken)
    {
        if (_isResetInHand)
        {
            _isResetInHand = false;
            return null; // the first receipt of a new life, in hand
        }

        // A doubt: what is in hand is read again.
        bool isAgain = _isReconciled;
        _isReconciled = true;
        if (!_isNew && !_isAdopted && Memory.Sequence <= durable)
        {
            if (isAgain || Memory.Sequence < durable)
            {
                FromHead();
            }

            await LoadNamesAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }

        Fetched? found = await PlaceAsync(durable, cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            await LoadNamesAsync(cancellationToken).ConfigureAwait(false);
        }

        return found;
    }

    /// <summary>A register that nothing is remembered of: its whole log is looked at once, without its contents.</summary>
    private async Task<RegisterIdentity> SurveyedIdentityAsync(RegisterId register, CancellationToken cancellationToken)
    {
        LogSurvey survey = await SurveyAsync(cancellationToken).ConfigureAwait(false);
        ulong first = EpochOf(register, first: null);
        bool isAll = protocol.Options.FromBeginning || survey.Receipts.Count == 0
            || (protocol.EmptySince is { } since && survey.Receipts.All(receipt => IsAfter(receipt, since)));
        _reading.Memory ??= new(_ecr, first, HasZero: false, IsAhead: true, IsLost: true, 0, default, 0, 0);
        protocol.EmptySince = null;
        protocol.Last = register;
        return Identity(register, Memory.Epoch, isAll ? 0 : (ulong)survey.Receipts[^1].Number);
    }

    private ulong EpochOf(SurveyedReceipt receipt) => EpochOf(Book.Register, receipt.Mark);

    /// <summary>Whether a receipt was rung up after a moment, give or take a clock that is ten minutes wrong.</summary>
    private static bool IsAfter(SurveyedReceipt receipt, DateTimeOffset moment) =>
        FlowRecord.TimeOf(receipt.Stamp.Span) is { } time && new DateTimeOffset(time, TimeSpan.FromHours(7)) > moment - TimeSpan.FromMinutes(10);

    /// <summary>Reads the whole log from its head. The register's pointer stands at its end then.</summary>
    private async Task<LogSurvey> SurveyAsync(CancellationToken cancellationToken)
    {
        if (_reading.Survey is null || _reading.IsRewindDue)
        {
            FromHead();
            _reading.Survey = new();
        }

        LogSurvey survey = _reading.Survey;
        while (true)
        {
            LogStep step = await NextAsync(cancellationToken).ConfigureAwait(false);
            LogReceipt? receipt = null;
            switch (step)
            {
                case LogStep.Record record:
                    var read = FlowRecord.Read(record.Bytes);
                    receipt = read.Type is FlowType.EcrNumber or FlowType.Unknown ? null : _reading.Assembler.Take(read);
                    await (read.Type is FlowType.EcrNumber ? link.AcceptAsync(cancellationToken) : AcceptAsync(cancellationToken)).ConfigureAwait(false);
                    break;
                case LogStep.Interrupted interrupted:
                    Interrupted(interrupted.Reason);
                    break;
                case LogStep.End:
                    receipt = _reading.Assembler.AtEnd(); // one without END stays open: the rest of it comes behind the pointer
                    break;
                case LogStep.Busy:
                    throw new RegisterTroubleException($"{protocol.Line}: a sale is open at the register; its log is read when it is closed");
                default:
                    Silent();
                    break;
            }

            if (receipt is not null && !survey.TryAdd(receipt, _reading.Memory?.HasZero ?? false))
            {
                throw new RegisterTroubleException(
                    $"{protocol.Line}: expected a log of at most {LogSurvey.MaxReceipts} receipts, found more; it is no register of this family");
            }

            if (step is LogStep.End)
            {
                return survey;
            }
        }
    }

    /// <summary>
    /// Finds the receipt that is durable last where the state does not say it: at the first contact, where the state was lost, or where the
    /// recorder's journal is an older one than the state.
    /// </summary>
    private async Task<Fetched?> PlaceAsync(ulong durable, CancellationToken cancellationToken)
    {
        LogSurvey survey = _reading.Survey is { } done && _isNew ? done : await SurveyAgainAsync(cancellationToken).ConfigureAwait(false);
        bool isHistory = _isNew && durable > 0 && survey.Receipts.Count > 0 && durable == (ulong)survey.Receipts[^1].Number;
        int? last = isHistory
            ? survey.Receipts.Count - 1
            : survey.Find(EpochOf, EpochOf(Book.Register, first: null), Memory.Epoch, durable, Memory.HasZero);
        if (last is null)
        {
            return await LostPlaceAsync(survey, durable, cancellationToken).ConfigureAwait(false);
        }

        (_reading.Survey, _isNew, _isAdopted) = (null, false, false);
        await DealtWithAllAsync(survey, last.Value + 1, durable, cancellationToken).ConfigureAwait(false);
        FromHead();
        return null;
    }

    private async Task<LogSurvey> SurveyAgainAsync(CancellationToken cancellationToken)
    {
        if (!_isNew && _reading.Survey is null)
        {
            _reading.IsRewindDue = true;
        }

        return await SurveyAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The log does not say where the recorder stands. The line stops; when a person has opened it again, what the log held at the stop is
    /// entered as lost from sight, because some of it may have invoices, and a new life begins behind it.
    /// </summary>
    private async Task<Fetched?> LostPlaceAsync(LogSurvey survey, ulong durable, CancellationToken cancellationToken)
    {
        if (Memory.Released == default)
        {
            SurveyedReceipt? newest = survey.Receipts.Count > 0 ? survey.Receipts[^1] : null;
            ReceiptMark stoppedAt = newest?.Mark ?? new(1);
            await RememberAsync(Memory with { Ecr = Memory.Ecr ?? _ecr, Released = stoppedAt, IsLost = true }, cancellationToken).ConfigureAwait(false);
            _isNew = true;
            _reading.Survey = null;
            return new Fetched.Behind((ulong)(newest?.Number ?? 0));
        }

        int count = survey.IndexOf(Memory.Released) + 1;
        ulong epoch = EpochOf(Book.Register, Memory.Released);
        _lostBefore = count > 0 && survey.Receipts[count - 1].Number is > 0 and var number
            ? ((ulong)number, "what was remembered of the register is lost; which of its receipts up to here have invoices is not known")
            : null;
        (_reading.Survey, _isNew, _isAdopted, _isResetInHand) = (null, false, false, true);
        Memory = Memory with { Epoch = epoch, HasZero = false };
        await DealtWithAllAsync(survey, count, 0, cancellationToken).ConfigureAwait(false);
        FromHead();
        return new Fetched.Reset(Identity(Book.Register, epoch, 0), $"its place behind {durable} is not in its log; a person opened the line");
    }

    /// <summary>Marks the first receipts of the log as dealt with.</summary>
    private async Task DealtWithAllAsync(LogSurvey survey, int count, ulong sequence, CancellationToken cancellationToken)
    {
        ReceiptMark[] marks = [.. survey.Receipts.Take(count).Select(receipt => receipt.Mark)];
        _reading.Index = new();
        foreach (ReceiptMark mark in marks)
        {
            Known.Add(mark);
        }

        int old = Math.Max(0, marks.Length - EutronMemory.KeptRecent);
        long index = old == 0 ? 0
            : await KnownReceipts.KeepAsync(Book, marks.AsMemory(0, old), before: 0, protocol.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        await RememberAsync(
            Memory with { Ecr = Memory.Ecr ?? _ecr, IsAhead = true, IsLost = false, Sequence = sequence, Released = default, Index = index, Recent = [.. marks[old..]] },
            cancellationToken).ConfigureAwait(false);
    }
}
