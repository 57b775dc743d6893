using Invoicing.Testing;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>
/// A clock that jumps to the next timer whenever nothing happens: a run of a thousand sales at 9600 baud with resends of eight seconds takes
/// as long as its computing.
/// </summary>
/// <remarks>
/// Whether nothing happens is judged by the thread pool (nothing queued, nothing running, nothing finished since the last look) and by calls
/// in hand (<see cref="Begin"/>). A wrong guess lets a timer fire early, which to the protocols is a slow peer: it costs repeats and changes no
/// result. So no test depends on the guess.
/// </remarks>
internal sealed class VirtualTime : TimeProvider, IAsyncDisposable
{
    /// <summary>The clock jumps after so many looks without any work in between.</summary>
    private const int QuietLooks = 3;

    /// <summary>It jumps in any case after so many looks at which nothing was finished: a thread of the pool may block on something that waits for the clock.</summary>
    private const int PatientLooks = 200;

    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _mover;
    private int _busy;

    public VirtualTime()
    {
        _mover = new(Move) { IsBackground = true, Name = "virtual time" };
        _mover.Start();
    }

    public override long TimestampFrequency => _time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _time.GetUtcNow();

    public override long GetTimestamp() => _time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _time.CreateTimer(callback, state, dueTime, period);

    /// <summary>Something begins that is no work of the thread pool, such as a commit: the clock stands until <see cref="End"/>.</summary>
    public void Begin() => Interlocked.Increment(ref _busy);

    public void End() => Interlocked.Decrement(ref _busy);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _mover.Join();
        _stop.Dispose();
    }

    private static int Running
    {
        get
        {
            ThreadPool.GetMaxThreads(out int most, out _);
            ThreadPool.GetAvailableThreads(out int left, out _);
            return most - left;
        }
    }

    private void Move()
    {
        long seen = -1;
        int quiet = 0;
        int stuck = 0;
        while (!_stop.IsCancellationRequested)
        {
            long done = ThreadPool.CompletedWorkItemCount;
            bool isIdle = done == seen && ThreadPool.PendingWorkItemCount == 0 && Volatile.Read(ref _busy) == 0;
            stuck = isIdle ? stuck + 1 : 0;
            quiet = isIdle && Running == 0 ? quiet + 1 : 0;
            seen = done;
            if (quiet < QuietLooks && stuck < PatientLooks)
            {
                Thread.Sleep(TimeSpan.FromMicroseconds(50));
                continue;
            }

            (quiet, stuck) = (0, 0);
            if (_time.NextDue is { } next)
            {
                _time.Advance(next);
            }
            else
            {
                Thread.Sleep(TimeSpan.FromMicroseconds(200));
            }
        }
    }
}
