namespace Grpc.Core;

/// <summary>The way to one server, over which any number of calls are made from any number of threads.</summary>
/// <param name="target">The server's host and port.</param>
internal abstract class ChannelBase(string target)
{
    /// <summary>The server's host and port.</summary>
    public string Target { get; } = target ?? throw new ArgumentNullException(nameof(target));

    /// <summary>What generated clients stand on.</summary>
    /// <returns>An invoker over this channel.</returns>
    public abstract CallInvoker CreateCallInvoker();

    /// <summary>Nothing to wait for over HTTP; dispose the channel instead.</summary>
    /// <returns>A task that has ended.</returns>
    public Task ShutdownAsync() => ShutdownAsyncCore();

    /// <inheritdoc cref="ShutdownAsync" />
    protected virtual Task ShutdownAsyncCore() => Task.CompletedTask;
}
