using System.Collections.Immutable;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Lines;
using Invoicing.Sales;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.LineText;

/// <summary>Listens to a line of plain text, keeps each receipt before it is read, and brings what reads as a sale into the chain.</summary>
/// <remarks>
/// The other side only talks, and only once: what it says while the line is down or the gateway is off is lost, and nobody can ask for it.
/// What was begun is kept as torn and has an entry that says so. While nothing can be kept, nothing is read, so the other side waits where
/// its line has flow control.
/// </remarks>
internal sealed class LineTextDriver : IRegisterDriver
{
    /// <summary>Pause before a receipt is kept again when there was no room: it stays in memory and the line is not read meanwhile.</summary>
    private static readonly TimeSpan FullPause = TimeSpan.FromSeconds(2);

    private const string OnlyTalks = "it only talks: what it says while the line is down or the gateway is off is lost, and not named";

    private readonly ILine _line;
    private readonly LineTextOptions _options;
    private readonly LineTextReading _reading;
    private readonly ISaleRecorder _recorder;
    private readonly ICaptureStore _captures;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ReceiptCutter _cutter;
    private volatile DriverStatus _status;
    private int _waiting; // receipts that came and whose fate is open
    private volatile CapturedRecords? _records;

    public LineTextDriver(
        ILine line, LineTextOptions options, ISaleRecorder recorder, ICaptureStore captures, TimeProvider time, ILogger<LineTextDriver> logger)
    {
        if (options.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(options));
        }

        _line = line;
        _options = options;
        _reading = new(options);
        _recorder = recorder;
        _captures = captures;
        _time = time;
        _logger = logger;
        _cutter = new(options);
        _status = new(line.Name, "line-text", DriverPhase.Down, DriverCapabilities.PushOnly | DriverCapabilities.HasNames)
        {
            Notes = options.Template is null
                ? [OnlyTalks, "there is no template: receipts are kept and nothing is invoiced; make one with 'template'"]
                : [OnlyTalks],
        };
    }

    /// <inheritdoc/>
    public DriverStatus Status
    {
        get
        {
            DriverStatus status = _status;
            if (_records is not { } records)
            {
                return status;
            }

            CaptureProgress progress = records.Progress;
            return status with
            {
                Register = _options.Register,
                Phase = status.Phase == DriverPhase.Open ? progress.Phase : status.Phase,
                Durable = progress.Durable,
                Waiting = Volatile.Read(ref _waiting),
                Trouble = status.Trouble ?? progress.Trouble ?? records.Alarm,
                Counters = Counts(records),
            };
        }
    }

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        ICaptureBook book = await _captures.OpenAsync(_options.Register, cancellationToken).ConfigureAwait(false);
        CapturedRecords records = new(book, _reading.Read, _recorder, _time, _logger, _options.Template is { NumbersInSequence: true });
        _records = records;
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task recording = records.RunAsync(both.Token);
        Task listening = ListenAsync(records, both.Token);
        Task first = await Task.WhenAny(recording, listening).ConfigureAwait(false);
        await both.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(recording, listening).ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
        await first.ConfigureAwait(false);
    }

    private async Task ListenAsync(CapturedRecords records, CancellationToken cancellationToken)
    {
        while (true)
        {
            ILineConnection connection = await _line.ConnectAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                _status = _status with { Phase = DriverPhase.Open };
                try
                {
                    await ReadAsync(records, connection, cancellationToken).ConfigureAwait(false);
                }
                catch (LineGoneException)
                {
                    // The line is opened again: what was begun is kept below.
                }
                finally
                {
                    // Also when the gateway ends: the rest will be said to nobody. A commit's time, and no token to shorten it.
                    if (_cutter.OnCut() is { } torn)
                    {
                        await TakeAsync(records, torn, CancellationToken.None).ConfigureAwait(false);
                    }
                }

                _status = _status with { Phase = DriverPhase.Down };
            }
        }
    }

    private async Task ReadAsync(CapturedRecords records, ILineConnection connection, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            int count = await ReadSomeAsync(connection, buffer, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                return;
            }

            if (count < 0)
            {
                await KeepAsync(records, _cutter.OnSilence(), cancellationToken).ConfigureAwait(false);
                continue;
            }

            ReadOnlyMemory<byte> bytes = buffer.AsMemory(0, count);
            while (Next(ref bytes) is { } receipt)
            {
                await KeepAsync(records, receipt, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Reads what is there.</summary>
    /// <returns>How many bytes; 0 once the line is gone; -1 if a receipt is under way and nothing came.</returns>
    private async Task<int> ReadSomeAsync(ILineConnection connection, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using CancellationTokenSource silence = new(_cutter.IsOpen ? _options.IdleTimeout : Timeout.InfiniteTimeSpan, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            return await connection.ReadAsync(buffer, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return -1;
        }
    }

    private CutReceipt? Next(ref ReadOnlyMemory<byte> bytes)
    {
        ReadOnlySpan<byte> left = bytes.Span;
        bool isCut = _cutter.TryCut(ref left, out CutReceipt receipt);
        bytes = bytes[^left.Length..];
        return isCut ? receipt : null;
    }

    private async Task KeepAsync(CapturedRecords records, CutReceipt? receipt, CancellationToken cancellationToken)
    {
        if (receipt is not { } cut)
        {
            return;
        }

        while (true)
        {
            try
            {
                await TakeAsync(records, cut, cancellationToken).ConfigureAwait(false);
                _status = _status with { Trouble = null };
                return;
            }
            catch (InvoicingException fault) when (fault.IsTransient)
            {
                _status = _status with { Trouble = $"nothing can be kept, so nothing is read: {fault.Message}" };
            }

            await Task.Delay(FullPause, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task TakeAsync(CapturedRecords records, CutReceipt cut, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        Task<RecordOutcome?>? outcome = null;
        try
        {
            TakenCapture taken = await records.TakeAsync(_time.GetUtcNow(), cut.IsWhole, cut.Bytes, cancellationToken).ConfigureAwait(false);
            outcome = taken.Outcome;
        }
        finally
        {
            _ = (outcome ?? Task.FromResult<RecordOutcome?>(null)).ContinueWith(
                _ => Interlocked.Decrement(ref _waiting), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private ImmutableDictionary<string, long> Counts(CapturedRecords records)
    {
        ImmutableDictionary<string, long> counts = records.Counters.Snapshot();
        counts = _cutter.Outside > 0 ? counts.SetItem("lines outside of a receipt", _cutter.Outside) : counts;
        return _cutter.TooLong > 0 ? counts.SetItem("lines too long", _cutter.TooLong) : counts;
    }
}
