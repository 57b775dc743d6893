using Invoicing.Amounts;
using Invoicing.Registers.Datecs.Pull;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Lines;
using Invoicing.Sales;

namespace Invoicing.Registers.Datecs.Push;

/// <summary>The talk with a register that pushes: receipts in the order of their numbers, and what is missing between them.</summary>
/// <remarks>
/// A receipt stays in the queue until it is recorded. What never came is fetched from the register's journal where there is a line to it, and
/// named as lost where there is none.
/// </remarks>
internal sealed class DatecsPushConversation(
    ILineConnection connection, string line, DatecsReading reading, PushPast past, ILine? journalLine, TimeProvider time, DriverCounters counters,
    Action<string?> tell) : IRegisterConversation, IAsyncDisposable
{
    /// <summary>Most movements of cash that are remembered: they fill numbers between receipts.</summary>
    private const int MaxCash = 64;

    /// <summary>Pause before the journal's line is tried again.</summary>
    private static readonly TimeSpan JournalPause = TimeSpan.FromSeconds(5);

    /// <summary>How long receipts wait for a journal that cannot be asked, before what is missing is named: the queue lasts for an hour.</summary>
    private static readonly TimeSpan MaxJournalWait = TimeSpan.FromMinutes(10);

    private readonly JournalFill? _journal = journalLine is null ? null : new(journalLine, reading, time, counters);
    private readonly PushPump _pump = new(connection, line, reading, past, time, counters);
    private readonly Dictionary<ulong, PushReceipt> _cash = [];
    private string _model = string.Empty;
    private string _register = string.Empty;
    private string _day = string.Empty;
    private int _life = reading.Options.Life;
    private PushReceipt? _offered;
    private (ulong Number, Money Total)? _known;
    private Fetched.Reset? _reset;
    private long? _waitingSince;

    /// <inheritdoc/>
    public async Task<RegisterIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        _model = await _pump.OpenAsync(cancellationToken).ConfigureAwait(false);
        PushReceipt first = await HeadAsync(cancellationToken).ConfigureAwait(false);
        if (!first.Register.AsSpan().ContainsAnyExcept('0'))
        {
            throw new RegisterTroubleException(
                $"{line}: expected the register's number, found {first.Register}, the maker's default; give it one of its own: a register without a number cannot be told from another");
        }

        (_register, _day) = (first.Register, first.Day);
        return Told(first.Number - 1);
    }

    /// <inheritdoc/>
    public RegisterIdentity? FindLife(RegisterIdentity identity, ulong currentEpoch)
    {
        ArgumentNullException.ThrowIfNull(identity);
        for (int life = 1; life <= DatecsEpoch.MaxLives; life++)
        {
            if (Epoch(life) == currentEpoch)
            {
                _life = life;
                return Told(identity.Newest);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public Task<Fetched?> ReconcileAsync(ulong durable, CancellationToken cancellationToken) => Task.FromResult<Fetched?>(null);

    /// <inheritdoc/>
    public async Task<Fetched?> FetchAsync(ulong after, CancellationToken cancellationToken)
    {
        if (_reset is { } begun)
        {
            _reset = null;
            return begun;
        }

        PushReceipt head = await HeadAsync(cancellationToken).ConfigureAwait(false);
        if (reading.Options.RestartsAtDayClose && head.Day.Length > 0 && head.Day != _day)
        {
            string day = _day;
            (_day, _life) = (head.Day, reading.Options.Life);
            return Begun(head, after, after + 1, $"day {head.Day} began after day {day}, and receipt numbers with it");
        }

        if (head.Number <= after)
        {
            _life++;
            return Begun(head, after, JournalRange.LastNumber, $"receipt {head.Number} came after receipt {after}: its numbers began again");
        }

        ulong next = after + 1;
        bool isHead = head.Number == next;
        if (isHead && (head.Torn is null || head.IsAnnulled))
        {
            return Offer(head);
        }

        if (!isHead && _cash.TryGetValue(next, out PushReceipt? cash))
        {
            return new Fetched.Record(cash.ToRecord(Key(next)));
        }

        return _journal is null
            ? isHead ? Offer(head) : new Fetched.Lost(next, Gap(next, head.Number), "their messages were lost on the way, and there is no line to the register's journal")
            : await FillAsync(next, head, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task CommitAsync(ulong durable, CancellationToken cancellationToken)
    {
        if (_offered is { } offered && durable >= offered.Number && _pump.Receipts.TryPeek(out PushReceipt? head) && ReferenceEquals(head, offered))
        {
            _pump.Receipts.TryRead(out _);
            _offered = null;
            past.Note(offered);
        }

        foreach (ulong old in _cash.Keys.Where(number => number <= durable).ToArray())
        {
            _cash.Remove(old);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _pump.DisposeAsync().ConfigureAwait(false);
        if (_journal is not null)
        {
            await _journal.DisposeAsync().ConfigureAwait(false);
        }
    }

    private ulong Epoch(int life) => DatecsEpoch.OfPush(_register, reading.Options.RestartsAtDayClose ? _day : string.Empty, life);

    private SaleKey Key(ulong number) => new(new(_register), Epoch(_life), number);

    private RegisterIdentity Told(ulong newest) => new(new RegisterId(_register), Epoch(_life), newest, _model);

    /// <summary>
    /// Numbers began again: first, unless the counter of messages proves that none was lost, that whatever was rung up under the old numbers since is
    /// lost, then that a new life began.
    /// </summary>
    private Fetched Begun(PushReceipt head, ulong after, ulong last, string reason)
    {
        Fetched.Reset reset = new(Told(head.Number - 1), reason);
        if (!head.IsAfterGap || after >= last)
        {
            return reset;
        }

        _reset = reset;
        return new Fetched.Lost(
            after + 1, last, "messages were lost while the register's receipt numbers began again: what it rung up under these numbers, if anything, is not known");
    }

    private Fetched.Record Offer(PushReceipt head)
    {
        _offered = head;
        _known = Pushed(head) ?? _known;
        return new(head.ToRecord(Key(head.Number)));
    }

    /// <summary>The last number of a gap: cash that is known lies in none.</summary>
    private ulong Gap(ulong first, ulong head) => _cash.Keys.Where(number => number > first && number < head).Append(head).Min() - 1;

    /// <summary>The next receipt, which stays in the queue. Movements of cash are set aside: they may share a number with a receipt.</summary>
    private async Task<PushReceipt> HeadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!_pump.Receipts.TryPeek(out PushReceipt? head))
            {
                if (!await _pump.Receipts.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    throw new LineGoneException(line, "it was closed at the other end");
                }

                continue;
            }

            if (!head.IsCash)
            {
                return head;
            }

            _pump.Receipts.TryRead(out _);
            if (_cash.Count < MaxCash)
            {
                _cash[head.Number] = head;
            }
        }
    }

    /// <summary>Number and total of a sale that came whole.</summary>
    private (ulong Number, Money Total)? Pushed(PushReceipt receipt) =>
        receipt.ToRecord(Key(receipt.Number)) is { Kind: RecordKind.Sale, Sale: { } sale } ? (receipt.Number, sale.Total) : null;

    /// <summary>Reads a receipt from the journal, once that was seen to hold what was pushed: the newest that came whole says so.</summary>
    /// <returns><see langword="null"/> if it could not be asked, or is not this register's.</returns>
    private async Task<JournalAnswer?> ReadAsync(JournalFill journal, ulong number, PushReceipt head, CancellationToken cancellationToken) =>
        journal.IsProven || (Pushed(head) ?? _known) is not { } pushed || await journal.TryProveAsync(pushed.Number, pushed.Total, cancellationToken).ConfigureAwait(false)
            ? await journal.TryReadAsync(number, cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>Fetches a receipt from the register's journal.</summary>
    private async Task<Fetched?> FillAsync(ulong number, PushReceipt head, CancellationToken cancellationToken)
    {
        JournalAnswer? answer = await ReadAsync(_journal!, number, head, cancellationToken).ConfigureAwait(false);
        tell(_journal!.Trouble);
        bool isHead = number == head.Number;
        switch (answer)
        {
            case JournalAnswer.Found found:
                _waitingSince = null;
                counters.Add("receipts filled from the journal");
                _offered = isHead ? head : _offered;
                return new Fetched.Record(found.Document.ToRecord(Key(number)));
            case JournalAnswer.Missing missing:
                _waitingSince = null;
                return isHead ? Offer(head) : new Fetched.Lost(number, number, $"its messages were lost on the way, and {missing.Reason}");
            default:
                break;
        }

        _waitingSince ??= time.GetTimestamp();
        if (time.GetElapsedTime(_waitingSince.Value) < MaxJournalWait)
        {
            await Task.Delay(JournalPause, time, cancellationToken).ConfigureAwait(false);
            return null;
        }

        return isHead
            ? Offer(head)
            : new Fetched.Lost(number, number, $"its messages were lost on the way, and the register's journal could not be asked for {MaxJournalWait.TotalMinutes:0} minutes");
    }
}
