using Invoicing.Testing;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>
/// A clock that jumps to the next timer whenever nothing happens: a run of a thousand sales at 9600 baud with resends of eight seconds takes
/// as long as its computing.
/// </summary>
/// <remarks>
/// Nothing happens when the thread pool has nothing queued and runs nothing, nothing was finished between two looks, and no call is in hand that
/// leaves the pool (<see cref="Begin"/>): commits, which a thread of their own makes. So what is tested runs on the pool and nowhere else
/// (<see cref="TillRun"/>), and how fast the machine or its disk is changes nothing of what happens when.
/// </remarks>
internal sealed class VirtualTime : TimeProvider, IAsyncDisposable
{
    /// <summary>The clock jumps after so many looks at which nothing happened: the counters are read one after the other, not at one instant.</summary>
    private const int QuietLooks = 3;

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
        while (!_stop.IsCancellationRequested)
        {
            bool isIdle = Running == 0 && ThreadPool.PendingWorkItemCount == 0 && Volatile.Read(ref _busy) == 0;
            long done = ThreadPool.CompletedWorkItemCount;
            quiet = isIdle && done == seen ? quiet + 1 : 0;
            seen = done;
            if (quiet < QuietLooks)
            {
                Thread.Sleep(TimeSpan.FromMicroseconds(50));
                continue;
            }

            quiet = 0;
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
