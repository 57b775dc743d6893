using System.Collections.Immutable;
using System.Threading.Channels;
using Invoicing.Sales;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.Drivers;

/// <summary>
/// Brings what a line captured into the chain: each piece is kept, then judged, then recorded, and after a crash the rest is done of what
/// was not done. A piece is never two records, and none that takes a record is forgotten.
/// </summary>
/// <remarks>
/// <see cref="TakeAsync"/> ends with the piece on disk and judged, whatever the recorder does meanwhile; <see cref="RunAsync"/> offers the
/// records in their order for as long as it takes. The cursor is what the recorder says is durable. Safe for any number of threads.
/// </remarks>
/// <param name="book">Where pieces are kept.</param>
/// <param name="read">How a piece is read; pure, and throws nothing.</param>
/// <param name="recorder">Where records go.</param>
/// <param name="time">Clock and timers.</param>
/// <param name="logger">Where judgements, waits and alarms are told.</param>
/// <param name="watchesNumbers">Whether readings have receipt numbers, and a gap in them is kept as a piece of its own.</param>
internal sealed partial class CapturedRecords(
    ICaptureBook book, Func<KeptCapture, CaptureReading> read, ISaleRecorder recorder, TimeProvider time, ILogger logger, bool watchesNumbers = false)
{
    /// <summary>Pieces that are read from the book at once.</summary>
    private const int Page = 16;

    /// <summary>Outcomes that are remembered for whoever asks a moment after: a line has one job under way.</summary>
    private const int MaxOutcomes = 64;

    /// <summary>Most that wait for outcomes; a further one is told nothing, and its record is made all the same.</summary>
    private const int MaxWaiters = 1_024;

    /// <summary>Pause before a record is offered again when recording is not possible now.</summary>
    internal static readonly TimeSpan BusyPause = TimeSpan.FromSeconds(2);

    /// <summary>How often a stopped line looks whether a person has decided.</summary>
    private static readonly TimeSpan StoppedPause = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly CaptureAlarm _alarm = new();
    private readonly Dictionary<ulong, TaskCompletionSource<RecordOutcome?>> _waiters = [];
    private readonly Queue<(ulong Sequence, RecordOutcome? Outcome)> _outcomes = new();
    private readonly Channel<byte> _wake = Channel.CreateBounded<byte>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile CaptureProgress _progress = new(DriverPhase.Opening, 0, null);
    private volatile string? _alarmText;
    private volatile bool _isJudgingDue = true; // at the start: what a crash left

    /// <summary>How far the records are.</summary>
    public CaptureProgress Progress => _progress;

    /// <summary>What <see cref="CaptureAlarm"/> says of the last pieces.</summary>
    public string? Alarm => _alarmText;

    /// <summary>Counts of pieces by class since the start.</summary>
    public DriverCounters Counters { get; } = new();

    /// <summary>Keeps a piece, judges it, and hands its record, if it has one, to <see cref="RunAsync"/>.</summary>
    /// <param name="at">When it came, by the gateway's clock.</param>
    /// <param name="isWhole">Whether its end was seen.</param>
    /// <param name="bytes">The piece as it came.</param>
    /// <param name="cancellationToken">Counts until the piece is kept; it is judged at the next start then.</param>
    /// <returns>
    /// The piece; <see cref="CaptureClass.Unjudged"/> if the disk took it and not its judgement, which <see cref="RunAsync"/> then makes up for.
    /// </returns>
    /// <exception cref="InvoicingException">The disk does not take it: nothing is kept.</exception>
    public async Task<TakenCapture> TakeAsync(
        DateTimeOffset at, bool isWhole, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        long number = await book.KeepAsync(at, isWhole, bytes, cancellationToken).ConfigureAwait(false);
        NoteKept(number);
        KeptCapture piece = new(number, at, isWhole, CaptureClass.Unjudged, string.Empty) { Bytes = bytes, Length = bytes.Length };
        try
        {
            piece = await JudgeAsync(piece, cancellationToken).ConfigureAwait(false);
        }
        catch (InvoicingException fault) when (fault.IsTransient)
        {
            LogUnjudged(book.Register, number, fault.Message);
            _isJudgingDue = true;
            piece = piece with { Bytes = default };
        }

        Task<RecordOutcome?> outcome = piece.RecordSequence is { } sequence ? OutcomeOf(sequence) : Task.FromResult<RecordOutcome?>(null);
        _wake.Writer.TryWrite(0);
        return new(piece, outcome);
    }

    /// <summary>Judges what a crash left, and offers records until cancelled. Once at a time.</summary>
    /// <exception cref="InvoicingException">The recorder or the book stopped for good.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            _ = await JudgeWaitingAsync(cancellationToken).ConfigureAwait(false);
            await BeginNumbersAsync(cancellationToken).ConfigureAwait(false);
            ulong durable = await StandingAsync(cancellationToken).ConfigureAwait(false);
            while (true)
            {
                (durable, bool isWaiting) = await OfferAsync(durable, cancellationToken).ConfigureAwait(false);
                bool isBusy = await JudgeWaitingAsync(cancellationToken).ConfigureAwait(false) || isWaiting;
                isBusy |= await NameGapsAsync(cancellationToken).ConfigureAwait(false);
                await WaitAsync(isBusy ? BusyPause : Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            lock (_gate)
            {
                foreach (TaskCompletionSource<RecordOutcome?> waiter in _waiters.Values)
                {
                    waiter.TrySetCanceled(cancellationToken);
                }

                _waiters.Clear();
            }
        }
    }

    /// <summary>Judges what is kept and was not judged, if there is any.</summary>
    /// <returns>Whether the disk does not take it now.</returns>
    private async Task<bool> JudgeWaitingAsync(CancellationToken cancellationToken)
    {
        while (_isJudgingDue)
        {
            try
            {
                _isJudgingDue = false;
                ImmutableArray<KeptCapture> waiting = await book.ReadUnjudgedAsync(Page, cancellationToken).ConfigureAwait(false);
                foreach (KeptCapture piece in waiting)
                {
                    await JudgeAsync(piece, cancellationToken).ConfigureAwait(false);
                }

                if (!waiting.IsEmpty)
                {
                    _isJudgingDue = true;
                    _wake.Writer.TryWrite(0);
                }
            }
            catch (InvoicingException fault) when (fault.IsTransient)
            {
                LogWaits($"what was captured is judged later: {fault.Message}");
                _isJudgingDue = true;
                return true;
            }
        }

        return false;
    }

    private async Task<KeptCapture> JudgeAsync(KeptCapture piece, CancellationToken cancellationToken)
    {
        KeptCapture judged = await book.JudgeAsync(piece.Number, Read(piece).Judgement, cancellationToken).ConfigureAwait(false);
        Counters.Add(NameOf(judged.Class));
        LogJudged(book.Register, judged.Number, judged.Class);
        lock (_gate)
        {
            _alarm.Add(judged.At, judged.Class, judged.Text);
            if (_alarmText is null && _alarm.Text is { } alarm)
            {
                LogAlarm(book.Register, alarm);
            }

            _alarmText = _alarm.Text;
        }

        return judged;
    }

    private async Task<ulong> StandingAsync(CancellationToken cancellationToken)
    {
        RegisterHello hello = new(book.Register, book.Epoch, OldestSequence: 0, NewestSequence: 0, LastAcknowledged: 0);
        while (true)
        {
            RegisterStanding standing = await recorder.WelcomeAsync(hello, cancellationToken).ConfigureAwait(false);
            (DriverPhase phase, string trouble, TimeSpan pause) = standing switch
            {
                RegisterStanding.Open => (DriverPhase.Open, string.Empty, TimeSpan.Zero),
                RegisterStanding.Waiting waiting => (DriverPhase.Opening, $"{book.Register} waits: {waiting.Reason}", BusyPause),
                RegisterStanding.Stopped stopped => (
                    DriverPhase.Stopped, $"{book.Register} is stopped: {stopped.Reason}; decide with 'registers release'", StoppedPause),
                RegisterStanding.Retired => (
                    DriverPhase.Stopped,
                    $"{book.Register}: expected the newest book of captures, found an older one ({book.Epoch:x16}); an old file was put back: move it away and start again",
                    StoppedPause),
                _ => throw new InvalidOperationException($"expected a standing, found {standing}"),
            };
            if (standing is RegisterStanding.Open open)
            {
                _progress = new(phase, open.LastDurable, null);
                return open.LastDurable;
            }

            Tell(_progress with { Phase = phase, Trouble = trouble });
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Offers everything above what is durable.</summary>
    /// <returns>What is durable now, and whether something waits because it could not be recorded now.</returns>
    private async Task<(ulong Durable, bool IsBusy)> OfferAsync(ulong durable, CancellationToken cancellationToken)
    {
        while (true)
        {
            ImmutableArray<KeptCapture> records = await book.ReadRecordsAsync(durable, Page, cancellationToken).ConfigureAwait(false);
            if (records.IsEmpty)
            {
                _progress = new(DriverPhase.Open, durable, null);
                return (durable, false);
            }

            foreach (KeptCapture piece in records)
            {
                (ulong? reached, string? busy) = await PutAsync(piece, durable, cancellationToken).ConfigureAwait(false);
                if (busy is not null)
                {
                    Tell(_progress with { Durable = durable, Trouble = $"recording waits: {busy}; what was captured is kept" });
                    return (durable, true);
                }

                ulong before = durable;
                durable = reached ?? await StandingAsync(cancellationToken).ConfigureAwait(false);
                if (reached is null && durable == before)
                {
                    return (durable, true); // refused, and nobody says that the line is stopped
                }

                if (durable != piece.RecordSequence)
                {
                    break; // the recorder stands elsewhere: read again from there
                }

                _progress = new(DriverPhase.Open, durable, null);
            }
        }
    }

    /// <summary>Offers one piece, and before it what is missing in the book.</summary>
    /// <returns>What is durable now, or why it cannot be recorded now; neither if the recorder's standing has to be asked again.</returns>
    private async Task<(ulong? Reached, string? Busy)> PutAsync(KeptCapture piece, ulong durable, CancellationToken cancellationToken)
    {
        ulong sequence = piece.RecordSequence ?? throw new InvalidOperationException($"expected a piece with a record, found {piece.Number}");
        SaleKey key = new(book.Register, book.Epoch, sequence);
        RecordOutcome outcome;
        try
        {
            outcome = sequence > durable + 1
                ? await recorder.RecordGapAsync(
                    key with { Sequence = durable + 1 }, sequence - 1, "captured, and no longer in the book", cancellationToken).ConfigureAwait(false)
                : await recorder.RecordAsync(Read(piece).Record(key), cancellationToken).ConfigureAwait(false);
        }
        catch (InvoicingException fault) when (fault.IsTransient)
        {
            return (null, fault.Message);
        }

        switch (outcome)
        {
            case RecordOutcome.NotNow notNow:
                return (null, notNow.Reason);
            case RecordOutcome.Gap gap:
                return (gap.Expected - 1, null);
            case RecordOutcome.Conflict:
                Counters.Add("conflicts");
                LogConflict(book.Register, sequence, outcome);
                Tell(sequence, outcome);
                return (null, null);
            default:
                bool isGap = sequence > durable + 1;
                if (!isGap)
                {
                    Tell(sequence, outcome);
                }

                return (isGap ? sequence - 1 : sequence, null);
        }
    }

    private Task<RecordOutcome?> OutcomeOf(ulong sequence)
    {
        lock (_gate)
        {
            foreach ((ulong known, RecordOutcome? outcome) in _outcomes)
            {
                if (known == sequence)
                {
                    return Task.FromResult(outcome);
                }
            }

            if (_waiters.Count >= MaxWaiters)
            {
                return Task.FromResult<RecordOutcome?>(null);
            }

            TaskCompletionSource<RecordOutcome?> waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return (_waiters[sequence] = waiter).Task;
        }
    }

    private void Tell(ulong sequence, RecordOutcome outcome)
    {
        lock (_gate)
        {
            _outcomes.Enqueue((sequence, outcome));
            if (_outcomes.Count > MaxOutcomes)
            {
                _outcomes.Dequeue();
            }

            if (_waiters.Remove(sequence, out TaskCompletionSource<RecordOutcome?>? waiter))
            {
                waiter.TrySetResult(outcome);
            }
        }
    }

    /// <summary>Waits for a new piece, or for a time.</summary>
    private async Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using CancellationTokenSource due = new(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(due.Token, cancellationToken);
        try
        {
            _ = await _wake.Reader.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return; // the time is over: offer again
        }
    }

    /// <summary>Shows that records wait, and says so once.</summary>
    private void Tell(CaptureProgress progress)
    {
        if (progress.Trouble is { } trouble && !string.Equals(_progress.Trouble, trouble, StringComparison.Ordinal))
        {
            LogWaits(trouble);
        }

        _progress = progress;
    }

    private static string NameOf(CaptureClass piece) => piece switch
    {
        CaptureClass.Sale => "sales",
        CaptureClass.Reprint => "reprints",
        CaptureClass.Copy => "copies",
        CaptureClass.Kitchen => "kitchen slips",
        CaptureClass.ProForma => "pro-forma bills",
        CaptureClass.ImageOnly => "pictures only",
        CaptureClass.Untrusted => "untrusted",
        CaptureClass.Torn => "torn",
        CaptureClass.TotalsDiffer => "totals differ",
        CaptureClass.NoReceiptNumber => "no receipt number",
        CaptureClass.NotRead => "not read",
        _ => "other",
    };

    [LoggerMessage(1070, LogLevel.Information, "{Register}: piece {Number} is {Class}")]
    private partial void LogJudged(RegisterId register, long number, CaptureClass @class);

    [LoggerMessage(1071, LogLevel.Warning, "{Trouble}")]
    private partial void LogWaits(string trouble);

    [LoggerMessage(1072, LogLevel.Error, "{Register}: record {Sequence} is not what is recorded under it: {Outcome}")]
    private partial void LogConflict(RegisterId register, ulong sequence, RecordOutcome outcome);

    [LoggerMessage(1074, LogLevel.Error, "{Register}: {Alarm}")]
    private partial void LogAlarm(RegisterId register, string alarm);

    [LoggerMessage(1079, LogLevel.Warning, "{Register}: piece {Number} is kept and not judged yet: {Reason}")]
    private partial void LogUnjudged(RegisterId register, long number, string reason);
}
