using System.Threading.Tasks.Sources;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Tlk;

/// <summary>A place where the code under test stops until the test lets it go on. For one to pass, once, awaiting it directly.</summary>
internal sealed class Gate : IValueTaskSource
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ManualResetValueTaskSourceCore<bool> _open;

    /// <summary>What stops here awaits this.</summary>
    internal ValueTask PassAsync() => new(this, _open.Version);

    /// <summary>Waits until it has stopped here and then lets it go on.</summary>
    /// <remarks>
    /// When this is done, all has happened that follows without waiting for something else: who awaits is known before the opening, and
    /// goes on inside it, on a thread without a context to be sent back to.
    /// </remarks>
    internal async Task OpenAsync()
    {
        await _reached.Task.Soon();
        await Task.Run(() => _open.SetResult(true), TestContext.Current.CancellationToken).Soon();
    }

    public void GetResult(short token) => _open.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _open.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _open.OnCompleted(continuation, state, token, flags);
        _reached.TrySetResult();
    }
}
