namespace Invoicing.Gateway.Journal;

/// <summary>Wakes those who wait for the journal to grow. Carries no data: what is new is read from the journal.</summary>
internal sealed class JournalGrowth
{
    private TaskCompletionSource _grown = New();

    /// <summary>Completes at the next commit. Take it before reading, so that a commit during the read is not slept through.</summary>
    public Task Next => Volatile.Read(ref _grown).Task;

    public void Signal() => Interlocked.Exchange(ref _grown, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
