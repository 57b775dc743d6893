using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.Lines;

/// <summary>What all lines share: opening again, with growing pauses, for as long as it takes.</summary>
public abstract partial class ReopeningLine : ILine
{
    /// <summary>First pause between attempts: a replugged adapter's node appears within some 100 ms.</summary>
    public static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest pause: what a cashier who plugs the cable back in will wait without calling anyone.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>A connection that lasted this long was a real one, after which the pauses begin anew.</summary>
    private static readonly TimeSpan RealConnection = TimeSpan.FromSeconds(1);

    /// <summary>Most causes that are told of one absence: some name a process, and one that is started again and again has always another number.</summary>
    private const int MostTold = 16;

    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IPortFinder? _ports;
    private readonly HashSet<string> _told = new(StringComparer.Ordinal); // causes since the line was open last
    private Task _watching = Task.CompletedTask;
    private TimeSpan _pause = ShortestPause;
    private long _openedAt;
    private bool _wasOpen;
    private volatile string? _trouble;

    private protected ReopeningLine(TimeProvider time, ILogger logger, IPortFinder? ports = null)
    {
        _time = time ?? throw new ArgumentNullException(nameof(time));
        _logger = logger ?? throw new ArgumentNullException(nameof(logger));
        _ports = ports;
    }

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract bool IsTransparent { get; }

    /// <inheritdoc/>
    public bool ComesAndGoes => IsPassive;

    /// <inheritdoc/>
    public string? Trouble => _trouble;

    /// <summary>Whether opening waits for the other side anyway, so that no pause is needed after a connection.</summary>
    private protected virtual bool IsPassive => false;

    /// <summary>The clock for pauses.</summary>
    private protected TimeProvider Time => _time;

    /// <inheritdoc/>
    public async ValueTask<ILineConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        await _watching.WaitAsync(cancellationToken).ConfigureAwait(false); // the connection before is over, and with it who watched over its name
        await PauseAfterShortConnectionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await OpenAtLastAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _trouble = null; // open, or nobody wants it any more
        }
    }

    private async ValueTask<ILineConnection> OpenAtLastAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // Read before the attempt: what is plugged in while it fails must not be slept through.
            Task? changed = _ports?.Changed;
            try
            {
                ILineConnection connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
                _openedAt = _time.GetTimestamp();
                _wasOpen = true;
                _told.Clear();
                LogOpened(Name);
                _watching = changed is null ? Task.CompletedTask : LetGoWhenUnclearAsync(connection, changed);
                return connection;
            }
            catch (LineUnavailableException fault)
            {
                TellOnce(fault);
            }

            await PauseAsync(changed, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Ends a connection whose name has come to fit a second thing that was plugged in: which of the two was meant only a person can say,
    /// and it must not depend on which was there first.
    /// </summary>
    private async Task LetGoWhenUnclearAsync(ILineConnection connection, Task changed)
    {
        while (true)
        {
            await changed.WaitAsync(connection.Gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // it ends by the change or with the connection
            if (connection.Gone.IsCancellationRequested)
            {
                return;
            }

            // Read before the look: a change during it is not slept through.
            changed = _ports!.Changed;
            try
            {
                _ = _ports.Find(Name);
            }
            catch (LineUnavailableException fault) when (fault.Cause == LineUnavailableException.TooMany)
            {
                LogLetGo(Name, fault.Reason);
                await connection.DisposeAsync().ConfigureAwait(false);
                return;
            }
            catch (LineUnavailableException)
            {
                // What went away is noticed by the connection itself, and a name may be missing while its link is made anew.
            }
        }
    }

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>One attempt to open.</summary>
    /// <exception cref="LineUnavailableException">Not now.</exception>
    private protected abstract ValueTask<ILineConnection> OpenAsync(CancellationToken cancellationToken);

    /// <summary>A port that opens and dies at once must not be opened in a tight loop.</summary>
    private async ValueTask PauseAfterShortConnectionAsync(CancellationToken cancellationToken)
    {
        if (!_wasOpen || IsPassive)
        {
            return;
        }

        _wasOpen = false;
        if (_time.GetElapsedTime(_openedAt) >= RealConnection)
        {
            _pause = ShortestPause;
        }

        await PauseAsync(_ports?.Changed, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Waits, but not longer than to the next change of what is plugged in. After one the pauses begin anew: the node is there before its
    /// permissions are. Whoever tells changes bounds how often that can be.
    /// </summary>
    private async ValueTask PauseAsync(Task? changed, CancellationToken cancellationToken)
    {
        TimeSpan pause = _pause;
        _pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        if (changed is null)
        {
            await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(false);
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var delay = Task.Delay(pause, _time, stop.Token);
        if (await Task.WhenAny(delay, changed).ConfigureAwait(false) == changed)
        {
            _pause = ShortestPause;
            await stop.CancelAsync().ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Tells each cause once until the line is open, however often it is tried and whatever else is plugged in meanwhile.</summary>
    private void TellOnce(LineUnavailableException fault)
    {
        _trouble = fault.Message;
        if (_told.Count < MostTold && _told.Add(fault.Cause))
        {
            LogUnavailable(Name, fault.Reason);
        }
    }

    [LoggerMessage(1000, LogLevel.Information, "Line {Line} is open")]
    private partial void LogOpened(string line);

    [LoggerMessage(1006, LogLevel.Warning, "Line {Line} is closed: {Reason}")]
    private partial void LogLetGo(string line, string reason);

    [LoggerMessage(1001, LogLevel.Warning, "Line {Line} does not open: {Reason}")]
    private partial void LogUnavailable(string line, string reason);
}
