using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Session;
using Invoicing.Sales;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.Tlk;

/// <summary>Speaks TLK/1 with the register on one line and delivers its records to the recorder.</summary>
/// <remarks>
/// A record is acknowledged only after the recorder said that it is durable. Lines share nothing but the recorder, so one register's
/// trouble delays no other. A line that breaks is opened again, for ever; only the recorder's end ends the driver.
/// Source: TLK-1.md beside this file.
/// </remarks>
public sealed partial class TlkDriver : IRegisterDriver
{
    /// <summary>Inputs that may wait for a step: a window of records in smallest fragments; beyond it the line is not read.</summary>
    private const int InboxSize = 64;

    private const int ReadSize = 4096;

    /// <summary>Longest that a write may take: after as much silence the link counts as down.</summary>
    private static readonly TimeSpan WriteLimit = TimeSpan.FromMilliseconds((TlkTimes.MaxPings + 1) * TlkTimes.Idle);

    private readonly ILine _line;
    private readonly ISaleRecorder _recorder;
    private readonly TlkOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _start;
    private readonly Channel<Inbound> _inbox = Channel.CreateBounded<Inbound>(new BoundedChannelOptions(InboxSize) { SingleReader = true });
    private readonly List<Task> _calls = [];
    private TlkState _state = new();
    private Link? _link;
    private volatile int _maxBody = TlkFrame.DefaultMaxBody;
    private ImmutableDictionary<TlkCounter, long> _counters = ImmutableDictionary<TlkCounter, long>.Empty;
    private TlkReport? _report;
    private volatile TlkStatus _status;

    /// <summary>Makes a driver; nothing is opened before <see cref="RunAsync"/>.</summary>
    /// <param name="line">The line, owned by the caller.</param>
    /// <param name="recorder">Where records go.</param>
    /// <param name="options">Settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where the line's life is told.</param>
    /// <exception cref="ArgumentException">The options have a fault, or the line does not pass every byte.</exception>
    public TlkDriver(ILine line, ISaleRecorder recorder, TlkOptions options, TimeProvider time, ILogger<TlkDriver> logger)
    {
        _line = line ?? throw new ArgumentNullException(nameof(line));
        _recorder = recorder ?? throw new ArgumentNullException(nameof(recorder));
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _time = time ?? throw new ArgumentNullException(nameof(time));
        _logger = logger ?? throw new ArgumentNullException(nameof(logger));
        if (options.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(options));
        }

        if (!line.IsTransparent)
        {
            throw new ArgumentException($"TLK/1 needs 8 data bits and no XON/XOFF; {line.Name} has other settings", nameof(line));
        }

        _start = time.GetTimestamp();
        _status = new(line.Name, TlkPhase.Down, null, 0, 0, _counters);
    }

    /// <summary>How the line is now. Safe from any thread.</summary>
    public TlkStatus Status => _status;

    /// <summary>Asks the register how it is; what it says comes into <see cref="Status"/>. Safe from any thread.</summary>
    /// <returns>Whether it will be asked: not without a session, nor while the line is busier than it can be.</returns>
    public bool Ask() => _status.Phase == TlkPhase.Open && _inbox.Writer.TryWrite(new(new TlkInput.AskNow(), null));

    /// <summary>Serves the line until cancelled. Once at a time.</summary>
    /// <remarks>Returns only when no call of the recorder is under way any more; what it had not acknowledged, the register sends again.</remarks>
    /// <param name="cancellationToken">Ends it; the call then throws <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvoicingException">The recorder stopped for good.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task feeding = FeedAsync(stop.Token);
        Task serving = ServeAsync(stop.Token);
        Task first = await Task.WhenAny(feeding, serving).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(feeding, serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_calls).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    /// <summary>Takes inputs one by one, steps the session and does what it wants done.</summary>
    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        ITimer timer = _time.CreateTimer(
            static inbox => ((ChannelWriter<Inbound>)inbox!).TryWrite(new(new TlkInput.Tick(), null)),
            _inbox.Writer,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        await using (timer.ConfigureAwait(false))
        {
            await foreach (Inbound inbound in _inbox.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (inbound.Fault is { } fault)
                {
                    fault.Throw();
                }

                if (inbound.Input is TlkInput.LineUp or TlkInput.LineGone)
                {
                    _link = inbound.Link;
                }

                await StepAsync(inbound.Input!, cancellationToken).ConfigureAwait(false);
                if (TlkSession.NextWake(_state) is { } next)
                {
                    // A full inbox swallows a tick; then other inputs are there, and every step runs the timers.
                    timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, next - Now())), Timeout.InfiniteTimeSpan);
                }
            }
        }
    }

    private async Task StepAsync(TlkInput input, CancellationToken cancellationToken)
    {
        TlkReport? reported = _state.Report;
        (_state, ImmutableArray<TlkEffect> effects) = TlkSession.Step(_state, input, Now(), _options);
        _report = _state.Report is null ? null : ReferenceEquals(_state.Report, reported) ? _report : _state.Report with { At = _time.GetLocalNow() };
        _maxBody = _state.MaxBody;
        List<byte[]> frames = [];
        bool hangUp = false;
        foreach (TlkEffect effect in effects)
        {
            if (effect is TlkEffect.Send send)
            {
                frames.Add(send.Frame.ToWire());
            }

            hangUp |= effect is TlkEffect.HangUp;
            Do(effect, cancellationToken);
        }

        _status = new(
            _line.Name, _state.Phase, _state.Phase is TlkPhase.Open or TlkPhase.Stopped ? _state.Hello?.Register.Register : null,
            _state.Durable, _state.Pending.Count, _counters)
        {
            Report = _report,
            IsSealed = _state.Seal is not null,
            Lease = _state.TakenLease,
        };
        if (frames.Count > 0)
        {
            await WriteAsync(frames, cancellationToken).ConfigureAwait(false);
        }

        if (hangUp && _link is { } link)
        {
            await HangUpAsync(link).ConfigureAwait(false);
        }
    }

    private ValueTask PutAsync(Inbound inbound, CancellationToken cancellationToken) => _inbox.Writer.WriteAsync(inbound, cancellationToken);

    private long Now() => (long)_time.GetElapsedTime(_start).TotalMilliseconds;

    private sealed record Link(ILineConnection Connection, CancellationTokenSource Source);

    private readonly record struct Inbound(TlkInput? Input, Link? Link, ExceptionDispatchInfo? Fault = null);
}
