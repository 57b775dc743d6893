using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>A unary call under way; awaiting it gives the response.</summary>
/// <typeparam name="TResponse">The response's message type.</typeparam>
internal sealed class AsyncUnaryCall<TResponse> : IDisposable
{
    private readonly ICallState _state;

    /// <summary>Around another call, as an interceptor does.</summary>
    /// <param name="responseAsync">The response, or an <see cref="RpcException"/> with the status.</param>
    /// <param name="responseHeadersAsync">What the server sent before its first message.</param>
    /// <param name="getStatusFunc">How the call ended.</param>
    /// <param name="getTrailersFunc">What the server sent with the status.</param>
    /// <param name="disposeAction">Cancels the call.</param>
    public AsyncUnaryCall(
        Task<TResponse> responseAsync,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction)
        : this(responseAsync, new DelegateCallState(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction))
    {
    }

    internal AsyncUnaryCall(Task<TResponse> responseAsync, ICallState state)
    {
        ResponseAsync = responseAsync;
        _state = state;
    }

    /// <summary>The response, or an <see cref="RpcException"/> with the status.</summary>
    public Task<TResponse> ResponseAsync { get; }

    /// <summary>What the server sent before its first message.</summary>
    public Task<Metadata> ResponseHeadersAsync => _state.GetResponseHeadersAsync();

    /// <summary>Makes the call itself awaitable.</summary>
    /// <returns>The response's awaiter.</returns>
    public TaskAwaiter<TResponse> GetAwaiter() => ResponseAsync.GetAwaiter();

    /// <summary>Makes the call itself awaitable, with a say on the context.</summary>
    /// <param name="continueOnCapturedContext">Whether to come back to the caller's context.</param>
    /// <returns>The response's awaitable.</returns>
    public ConfiguredTaskAwaitable<TResponse> ConfigureAwait(bool continueOnCapturedContext) =>
        ResponseAsync.ConfigureAwait(continueOnCapturedContext);

    /// <summary>How the call ended.</summary>
    /// <returns>The status.</returns>
    /// <exception cref="InvalidOperationException">It has not ended.</exception>
    public Status GetStatus() => _state.GetStatus();

    /// <summary>What the server sent with the status.</summary>
    /// <returns>The trailers.</returns>
    /// <exception cref="InvalidOperationException">The server has not ended the call.</exception>
    public Metadata GetTrailers() => _state.GetTrailers();

    /// <summary>Cancels the call if it has not ended.</summary>
    public void Dispose() => _state.Dispose();
}
