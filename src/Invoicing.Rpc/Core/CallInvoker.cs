namespace Grpc.Core;

/// <summary>Starts calls; what generated clients stand on, and what interceptors wrap.</summary>
internal abstract class CallInvoker
{
    /// <summary>A unary call that blocks the thread.</summary>
    /// <typeparam name="TRequest">The request's message type.</typeparam>
    /// <typeparam name="TResponse">The response's message type.</typeparam>
    /// <param name="method">What is called.</param>
    /// <param name="host">Another authority than the channel's; not used over HTTP.</param>
    /// <param name="options">What the caller asks of the call.</param>
    /// <param name="request">The request.</param>
    /// <returns>The response.</returns>
    public abstract TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        where TRequest : class
        where TResponse : class;

    /// <summary>A unary call.</summary>
    /// <typeparam name="TRequest">The request's message type.</typeparam>
    /// <typeparam name="TResponse">The response's message type.</typeparam>
    /// <param name="method">What is called.</param>
    /// <param name="host">Another authority than the channel's; not used over HTTP.</param>
    /// <param name="options">What the caller asks of the call.</param>
    /// <param name="request">The request.</param>
    /// <returns>The call under way.</returns>
    public abstract AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        where TRequest : class
        where TResponse : class;

    /// <summary>A call with a stream of responses.</summary>
    /// <typeparam name="TRequest">The request's message type.</typeparam>
    /// <typeparam name="TResponse">The response's message type.</typeparam>
    /// <param name="method">What is called.</param>
    /// <param name="host">Another authority than the channel's; not used over HTTP.</param>
    /// <param name="options">What the caller asks of the call.</param>
    /// <param name="request">The request.</param>
    /// <returns>The call under way.</returns>
    public abstract AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        where TRequest : class
        where TResponse : class;

    /// <summary>A call with a stream of requests.</summary>
    /// <typeparam name="TRequest">The request's message type.</typeparam>
    /// <typeparam name="TResponse">The response's message type.</typeparam>
    /// <param name="method">What is called.</param>
    /// <param name="host">Another authority than the channel's; not used over HTTP.</param>
    /// <param name="options">What the caller asks of the call.</param>
    /// <returns>The call under way.</returns>
    public abstract AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
        where TRequest : class
        where TResponse : class;

    /// <summary>A call with streams both ways.</summary>
    /// <typeparam name="TRequest">The request's message type.</typeparam>
    /// <typeparam name="TResponse">The response's message type.</typeparam>
    /// <param name="method">What is called.</param>
    /// <param name="host">Another authority than the channel's; not used over HTTP.</param>
    /// <param name="options">What the caller asks of the call.</param>
    /// <returns>The call under way.</returns>
    public abstract AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
        where TRequest : class
        where TResponse : class;
}
