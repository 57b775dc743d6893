namespace Invoicing.Authority.Intake;

/// <summary>Bytes that all streams together may have buffered: whoever comes when it is used up waits, first come first served.</summary>
/// <param name="limit">Most bytes.</param>
internal sealed class BufferBudget(long limit)
{
    private readonly Lock _gate = new();
    private readonly Queue<(long Bytes, TaskCompletionSource Waiter)> _waiters = [];
    private long _left = limit;

    /// <summary>Bytes not taken.</summary>
    public long Left
    {
        get
        {
            lock (_gate)
            {
                return _left;
            }
        }
    }

    /// <summary>Takes bytes; ends when they were taken, cancelled or not: the caller gives them back.</summary>
    /// <param name="bytes">At most the limit.</param>
    public Task TakeAsync(long bytes)
    {
        lock (_gate)
        {
            if (_waiters.Count == 0 && _left >= bytes)
            {
                _left -= bytes;
                return Task.CompletedTask;
            }

            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Enqueue((bytes, waiter));
            return waiter.Task;
        }
    }

    /// <summary>Gives bytes back.</summary>
    public void Release(long bytes)
    {
        lock (_gate)
        {
            _left += bytes;
            while (_waiters.TryPeek(out (long Bytes, TaskCompletionSource Waiter) first) && _left >= first.Bytes)
            {
                _left -= first.Bytes;
                _waiters.Dequeue();
                first.Waiter.SetResult();
            }
        }
    }
}
