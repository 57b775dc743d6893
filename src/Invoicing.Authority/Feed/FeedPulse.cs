namespace Invoicing.Authority.Feed;

/// <summary>Wakes all followers. Carries nothing: what is new is read from ring or ledger.</summary>
/// <remarks>
/// At once while few follow. With more than <see cref="Few"/> at most every <see cref="Interval"/>: waking 2,000 for each commit would cost a
/// core and more, and 5 ms are not seen by anybody.
/// </remarks>
internal sealed class FeedPulse : IDisposable
{
    /// <summary>Followers that are woken for every commit.</summary>
    public const int Few = 300;

    /// <summary>Shortest time between two pulses for many followers.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private TaskCompletionSource _next = NewSignal();
    private long _last;
    private bool _isDue;

    public FeedPulse(TimeProvider time)
    {
        _time = time;
        _last = time.GetTimestamp() - time.TimestampFrequency;
        _timer = time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Completes with the next pulse. Taken before the read, so that a commit during the read is not slept through.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Something is new.</summary>
    /// <param name="followers">How many follow.</param>
    public void Signal(int followers)
    {
        if (followers == 0)
        {
            return;
        }

        lock (_gate)
        {
            TimeSpan since = _time.GetElapsedTime(_last);
            if (followers > Few && since < Interval)
            {
                if (!_isDue)
                {
                    _isDue = true;
                    _timer.Change(Interval - since, Timeout.InfiniteTimeSpan);
                }

                return;
            }
        }

        Fire();
    }

    /// <summary>Ends the timer.</summary>
    public void Dispose() => _timer.Dispose();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Fire()
    {
        TaskCompletionSource now;
        lock (_gate)
        {
            _isDue = false;
            _last = _time.GetTimestamp();
            now = Interlocked.Exchange(ref _next, NewSignal());
        }

        now.SetResult();
    }
}
