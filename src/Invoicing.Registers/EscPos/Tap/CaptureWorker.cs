using System.Collections.Immutable;
using System.Threading.Channels;
using Invoicing.Sales;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>Judges what is kept and brings it to the recorder, in order, each piece once.</summary>
/// <remarks>
/// The book is the only source and a wake-up carries nothing, so a crash at any point is answered in one way: ask the recorder how far the
/// records are durable, offer those behind it again, go on with what waits for judgement.
/// </remarks>
/// <param name="book">What was captured.</param>
/// <param name="recorder">Where records go.</param>
/// <param name="judge">What says what a piece is.</param>
/// <param name="done">Called with each piece's number and fate.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where waits are told.</param>
internal sealed partial class CaptureWorker(
    ICaptureBook book, ISaleRecorder recorder, JobJudge judge, Action<long, JobFate> done, TimeProvider time, ILogger logger)
{
    /// <summary>Pause before the same record is offered again when recording is not possible now.</summary>
    internal static readonly TimeSpan BusyPause = TimeSpan.FromSeconds(2);

    private const int Page = 16;

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(1);
    private volatile string? _trouble;
    private ulong _durable;

    /// <summary>Why pieces wait; <see langword="null"/> if they do not.</summary>
    internal string? Trouble => _trouble;

    /// <summary>Highest record that is durable.</summary>
    internal ulong Durable => Volatile.Read(ref _durable);

    /// <summary>Something was kept.</summary>
    internal void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Works until cancelled.</summary>
    /// <exception cref="InvoicingException">The book or the recorder stopped for good.</exception>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        await StandAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            await RecordAllAsync(cancellationToken).ConfigureAwait(false);
            ImmutableArray<KeptCapture> waiting = await book.ReadUnjudgedAsync(1, cancellationToken).ConfigureAwait(false);
            if (waiting.IsEmpty)
            {
                await _wake.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            KeptCapture piece = waiting[0];
            KeptCapture judged = await book.JudgeAsync(piece.Number, judge.Judge(piece.Bytes, piece.IsWhole), cancellationToken).ConfigureAwait(false);
            LogJudged(book.Register, judged.Number, judged.Class);
            if (judged.RecordSequence is null)
            {
                done(judged.Number, new(judged.Class, null));
            }
        }
    }

    private async Task RecordAllAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ImmutableArray<KeptCapture> records = await book.ReadRecordsAsync(_durable, Page, cancellationToken).ConfigureAwait(false);
            if (records.IsEmpty)
            {
                return;
            }

            foreach (KeptCapture piece in records)
            {
                ulong sequence = piece.RecordSequence!.Value;
                RecordOutcome outcome = await PutAsync(
                    judge.Record(new(book.Register, book.Epoch, sequence), piece), cancellationToken).ConfigureAwait(false);
                if (outcome is RecordOutcome.Gap or RecordOutcome.Conflict)
                {
                    LogOutOfOrder(book.Register, sequence, outcome);
                    Tell($"record {sequence} of {book.Register} does not follow what is durable ({outcome}); decide with 'registers release'");
                    await PauseAsync(cancellationToken).ConfigureAwait(false);
                    await StandAsync(cancellationToken).ConfigureAwait(false);
                    break;
                }

                Volatile.Write(ref _durable, sequence);
                done(piece.Number, new(piece.Class, outcome));
            }
        }
    }

    /// <summary>Asks the recorder how far the records are durable, for as long as it takes it to know.</summary>
    private async Task StandAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            RegisterHello hello = new(book.Register, book.Epoch, OldestSequence: 0, NewestSequence: 0, LastAcknowledged: 0);
            switch (await recorder.WelcomeAsync(hello, cancellationToken).ConfigureAwait(false))
            {
                case RegisterStanding.Open open:
                    Volatile.Write(ref _durable, open.LastDurable);
                    _trouble = null;
                    return;
                case RegisterStanding.Waiting waiting:
                    Tell($"{book.Register} waits: {waiting.Reason}; its prints are kept meanwhile");
                    break;
                case RegisterStanding.Stopped stopped:
                    Tell($"{book.Register} is stopped: {stopped.Reason}; decide with 'registers release', its prints are kept meanwhile");
                    break;
                default:
                    Tell($"{book.Register} has a newer book of captures elsewhere; its prints are kept and not invoiced until a person decides");
                    break;
            }

            await PauseAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<RecordOutcome> PutAsync(RegisterRecord record, CancellationToken cancellationToken)
    {
        while (true)
        {
            string reason;
            try
            {
                RecordOutcome outcome = await recorder.RecordAsync(record, cancellationToken).ConfigureAwait(false);
                if (outcome is not RecordOutcome.NotNow notNow)
                {
                    _trouble = null;
                    return outcome;
                }

                reason = notNow.Reason;
            }
            catch (InvoicingException fault) when (fault.IsTransient)
            {
                reason = fault.Message;
            }

            Tell($"recording waits: {reason}; prints are kept meanwhile");
            await PauseAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private Task PauseAsync(CancellationToken cancellationToken) => Task.Delay(BusyPause, time, cancellationToken);

    private void Tell(string trouble)
    {
        if (!string.Equals(_trouble, trouble, StringComparison.Ordinal))
        {
            LogWaits(trouble);
        }

        _trouble = trouble;
    }

    [LoggerMessage(1070, LogLevel.Information, "{Register}: print {Number} is {Class}")]
    private partial void LogJudged(RegisterId register, long number, CaptureClass @class);

    [LoggerMessage(1071, LogLevel.Warning, "{Trouble}")]
    private partial void LogWaits(string trouble);

    [LoggerMessage(1072, LogLevel.Error, "{Register}: record {Sequence} does not follow what is durable: {Outcome}")]
    private partial void LogOutOfOrder(RegisterId register, ulong sequence, RecordOutcome outcome);
}
