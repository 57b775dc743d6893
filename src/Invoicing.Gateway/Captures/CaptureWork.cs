namespace Invoicing.Gateway.Captures;

/// <summary>Something that the writer is to do, and whoever waits for it.</summary>
internal abstract class CaptureWork
{
    /// <summary>About how many bytes it writes.</summary>
    public abstract int Size { get; }

    /// <summary>Takes it into a commit; from here on cancellation counts no more.</summary>
    /// <returns>Whether it is still wanted.</returns>
    public abstract bool TryTake();

    /// <summary>Does it, inside the transaction. What is refused changes nothing and is told after the commit.</summary>
    public abstract void Apply(CaptureTables tables);

    /// <summary>Tells the outcome, after the commit.</summary>
    public abstract void Complete();

    /// <summary>Tells that nothing is known of the outcome.</summary>
    public abstract void Fail(Exception fault);
}

/// <inheritdoc/>
/// <param name="apply">
/// What to do. An <see cref="InvoicingException"/> that is not SQLite's own refuses this work alone, and must be thrown before anything
/// was changed.
/// </param>
/// <param name="size">About how many bytes it writes.</param>
internal sealed class CaptureWork<T>(Func<CaptureTables, T> apply, int size) : CaptureWork
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Cancelled = 2;

    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;
    private T? _result;
    private InvoicingException? _refusal;

    public Task<T> Answer => _answer.Task;

    public override int Size { get; } = size;

    public override bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    public override void Apply(CaptureTables tables)
    {
        try
        {
            _result = apply(tables);
        }
        catch (InvoicingException refusal) when (refusal is not Sqlite.SqliteException)
        {
            _refusal = refusal;
        }
    }

    public override void Complete()
    {
        if (_refusal is null)
        {
            _answer.TrySetResult(_result!);
        }
        else
        {
            _answer.TrySetException(_refusal);
        }
    }

    public override void Fail(Exception fault) => _answer.TrySetException(fault);

    /// <summary>Waits for the outcome; cancellation counts until the work is taken.</summary>
    public async Task<T> WaitAsync(CancellationToken cancellationToken)
    {
        CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static (self, token) => ((CaptureWork<T>)self!).Cancel(token), this);
        await using (registration.ConfigureAwait(false))
        {
            return await _answer.Task.ConfigureAwait(false);
        }
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Cancelled, Waiting) == Waiting)
        {
            _answer.TrySetCanceled(cancellationToken);
        }
    }
}
