using System.Collections.Concurrent;
using System.Threading.Channels;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Lines;
using Invoicing.Sales;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>Stands between a till and its receipt printer and makes invoices of what is printed.</summary>
/// <remarks>
/// <para>
/// Serial man-in-the-middle and TCP 9100 proxy are two lines; a virtual printer is one. A job is kept, on disk, before it is interpreted
/// (<see cref="ICaptureBook"/>); what it becomes follows from the book, whatever happens to the lines.
/// </para>
/// <para>
/// In <see cref="TapMode.Observe"/> nothing here makes the printer wait, so a capture can be lost: if power fails between paper and disk, or if
/// the disk falls behind by <see cref="BesideSize"/> bytes. What was lost is counted, and its job is torn. In <see cref="TapMode.Gate"/> a job whose
/// printing was cut by the printer's line is printed again as a whole: its invoice is the same. Whether the printer had printed what it took is known
/// only if it is asked (<see cref="TapOptions.ConfirmsPaper"/>); if not, a receipt that it may have lost is counted and told.
/// </para>
/// </remarks>
internal sealed partial class TapDriver : IRegisterDriver
{
    /// <summary>Most bytes that passed by and wait for the session: 90 s of a line at 115,200 bits per second.</summary>
    internal const int BesideSize = 1024 * 1024;

    /// <summary>Pieces of at most 4 KiB that wait for the session; beyond it the till waits.</summary>
    private const int InboxSize = 64;

    /// <summary>Pieces that wait for the printer; beyond it the till waits.</summary>
    private const int PrintQueueSize = 64;

    /// <summary>Jobs that wait for the disk; beyond it the session waits.</summary>
    private const int KeepQueueSize = 16;

    private const int ReadSize = 4096;

    /// <summary>Longest that a till may take to read an answer of a few bytes.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    private readonly ILine _till;
    private readonly ILine? _printer;
    private readonly ISaleRecorder _recorder;
    private readonly ICaptureStore _captures;
    private readonly TapOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _start;
    private readonly ITapCore _core;
    private readonly JobJudge _judge;
    private readonly Channel<TapInput> _inbox = Channel.CreateBounded<TapInput>(new BoundedChannelOptions(InboxSize) { SingleReader = true });
    private readonly Channel<GateEffect.Print> _toPrinter = Channel.CreateBounded<GateEffect.Print>(PrintQueueSize);
    private readonly Channel<GateEffect.Keep> _toKeep = Channel.CreateBounded<GateEffect.Keep>(KeepQueueSize);
    private readonly ConcurrentQueue<(int Ticket, JobFate Fate)> _fates = []; // bounded by the jobs that a gate lets wait
    private readonly DriverCounters _counters = new();
    private readonly Channel<bool> _room = Channel.CreateBounded<bool>(1);
    private ILineConnection? _tillConnection;
    private volatile CapturedRecords? _records;
    private volatile bool _isPrinterUp;
    private volatile bool _isFull;
    private readonly BesideBuffer _beside = new(BesideSize);
    private long _tillBytes;

    /// <summary>Makes a tap; nothing is opened before <see cref="RunAsync"/>.</summary>
    /// <param name="lines">The till's line and, unless the mode is virtual, the printer's; owned by the caller.</param>
    /// <param name="recorder">Where records go.</param>
    /// <param name="captures">Where prints are kept.</param>
    /// <param name="options">Settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where the tap's life is told.</param>
    /// <exception cref="ArgumentException">The settings have a fault, or a line does not pass every byte.</exception>
    /// <exception cref="Invoicing.Settings.SettingsException">A pattern of the template cannot be used.</exception>
    internal TapDriver(
        (ILine Till, ILine? Printer) lines, ISaleRecorder recorder, ICaptureStore captures, TapOptions options, TimeProvider time, ILogger<TapDriver> logger)
    {
        (_till, _printer) = lines;
        if (options.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(options));
        }

        if ((options.Mode == TapMode.Virtual) != (lines.Printer is null))
        {
            throw new ArgumentException($"expected a printer's line in every mode but virtual, found mode {options.Mode} with {lines.Printer?.Name ?? "none"}", nameof(lines));
        }

        foreach (ILine? line in (ILine?[])[lines.Till, lines.Printer])
        {
            if (line is { IsTransparent: false })
            {
                throw new ArgumentException($"a tap needs 8 data bits and no XON/XOFF; {line.Name} has other settings", nameof(lines));
            }
        }

        _recorder = recorder;
        _captures = captures;
        _options = options;
        _time = time;
        _logger = logger;
        _start = time.GetTimestamp();
        _core = options.Mode switch
        {
            TapMode.Gate => new GateSession(options),
            TapMode.Virtual => new WatchSession(options, new PrinterAnswers()),
            _ => new WatchSession(options, null),
        };
        _judge = new(options);
    }

    /// <summary>Whether the printer's line is open.</summary>
    internal bool IsPrinterUp => _isPrinterUp;

    /// <summary>Bytes from the till that were looked at since the start.</summary>
    internal long TillBytes => Volatile.Read(ref _tillBytes);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        ICaptureBook book = await _captures.OpenAsync(_options.Register, cancellationToken).ConfigureAwait(false);
        CapturedRecords records = new(book, _judge.Read, _recorder, _time, _logger, _options.Template is { NumbersInSequence: true });
        _records = records;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> loops = [ServeAsync(stop.Token), KeepAllAsync(records, stop.Token), records.RunAsync(stop.Token)];
        switch (_options.Mode)
        {
            case TapMode.Observe:
                loops.Add(PassAsync(stop.Token));
                break;
            case TapMode.Gate:
                loops.Add(ReadTillAsync(stop.Token));
                loops.Add(PrintAsync(stop.Token));
                break;
            default:
                loops.Add(ReadTillAsync(stop.Token));
                break;
        }

        Task first = await Task.WhenAny(loops).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        ITimer timer = _time.CreateTimer(
            static inbox => ((ChannelWriter<TapInput>)inbox!).TryWrite(new TapInput.Tick()), _inbox.Writer, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using (timer.ConfigureAwait(false))
        {
            List<GateEffect> effects = [];
            await foreach (TapInput input in _inbox.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                Step(input, effects);
                foreach (GateEffect effect in effects)
                {
                    await DoAsync(effect, cancellationToken).ConfigureAwait(false);
                }

                effects.Clear();
                Room();
                if (_core.NextWake is { } next)
                {
                    // A full inbox swallows a tick; then other inputs are there, and every step looks at the time.
                    timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, next - Now())), Timeout.InfiniteTimeSpan);
                }
            }
        }
    }

    private void Step(TapInput input, List<GateEffect> effects)
    {
        long now = Now();
        while (_fates.TryDequeue(out (int Ticket, JobFate Fate) known))
        {
            _core.Done(known.Ticket, known.Fate, now, effects);
        }

        LookBeside(now, effects);
        switch (input)
        {
            case TapInput.Came came:
                Look(came.Bytes.Span, now, effects);
                break;
            case TapInput.Gone:
                _core.TillGone(now, effects);
                break;
            default:
                break;
        }

        _core.Tick(now, effects);
    }

    /// <summary>Takes what passed by in the meantime.</summary>
    private void LookBeside(long now, List<GateEffect> effects)
    {
        while (_beside.TryTake(out byte[]? bytes, out bool missed))
        {
            if (missed)
            {
                _core.Missed();
            }

            if (bytes is not null)
            {
                Look(bytes, now, effects);
            }
            else if (!missed)
            {
                _core.TillGone(now, effects);
            }
        }
    }

    private void Look(ReadOnlySpan<byte> bytes, long now, List<GateEffect> effects)
    {
        _core.TillBytes(bytes, now, effects);
        Volatile.Write(ref _tillBytes, _tillBytes + bytes.Length);
    }

    private async ValueTask DoAsync(GateEffect effect, CancellationToken cancellationToken)
    {
        switch (effect)
        {
            case GateEffect.Print print when !print.IsPassing || _isPrinterUp:
                await _toPrinter.Writer.WriteAsync(print, cancellationToken).ConfigureAwait(false);
                break;
            case GateEffect.Answer answer:
                await TellTillAsync(answer.Bytes, cancellationToken).ConfigureAwait(false);
                break;
            case GateEffect.Keep keep:
                Interlocked.Increment(ref _waiting);
                await _toKeep.Writer.WriteAsync(keep, cancellationToken).ConfigureAwait(false);
                break;
            case GateEffect.Count count:
                _counters.Add(count.Counter);
                break;
            default:
                break; // a question for a printer that is away, which nobody can answer
        }
    }

    private long Now() => (long)_time.GetElapsedTime(_start).TotalMilliseconds;
}
