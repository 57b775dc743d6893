namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Something made, or borrowed, for one call.</summary>
internal readonly struct Activated<T>(T instance, bool isOwned) : IAsyncDisposable
    where T : class
{
    public T Instance { get; } = instance;

    /// <summary>Disposes it if it was made for this call.</summary>
    public ValueTask DisposeAsync()
    {
        switch (isOwned ? Instance : null)
        {
            case IAsyncDisposable disposable:
                return disposable.DisposeAsync();
            case IDisposable disposable:
                disposable.Dispose();
                return ValueTask.CompletedTask;
            default:
                return ValueTask.CompletedTask;
        }
    }
}
