namespace Invoicing.Gateway.Recording;

/// <summary>Work that somebody waits for.</summary>
/// <typeparam name="T">What the caller is told.</typeparam>
/// <param name="step">Its part in a group.</param>
/// <param name="refuse">What the caller is told when nothing was recorded.</param>
/// <param name="size">About how many bytes it adds to a group.</param>
/// <param name="isAlone">Whether it needs a group of its own.</param>
internal sealed class AnsweredWork<T>(Func<RecordingGroup, T> step, Func<string, T> refuse, int size = 1024, bool isAlone = false) : JournalWork
{
    // The writer must not run its callers' code.
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _cancellation;
    private T? _result;

    public override int Size => size;

    public override bool IsAlone => isAlone;

    public Task<T> Answer => _answer.Task;

    /// <summary>Lets a token take the work back as long as it waits.</summary>
    public void CancelBy(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(
                static (work, token) =>
                {
                    var self = (AnsweredWork<T>)work!;
                    if (self.TryCancel())
                    {
                        self._answer.TrySetCanceled(token);
                    }
                },
                this);
        }
    }

    public override void Step(RecordingGroup group) => _result = step(group);

    public override void Complete() => End(_answer.TrySetResult(_result!));

    public override void Refuse(string reason) => End(_answer.TrySetResult(refuse(reason)));

    public override void Fail(Exception fault) => End(_answer.TrySetException(fault));

    private void End(bool answered)
    {
        _ = answered; // false only where a cancellation came first
        _cancellation.Dispose();
    }
}
