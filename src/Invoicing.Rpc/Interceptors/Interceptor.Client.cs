namespace Grpc.Core.Interceptors;

/// <content>The caller's side.</content>
internal abstract partial class Interceptor
{
    /// <summary>Before a blocking unary call.</summary>
    /// <typeparam name="TRequest">The request's message type.</typeparam>
    /// <typeparam name="TResponse">The response's message type.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="context">The call.</param>
    /// <param name="continuation">Goes on.</param>
    /// <returns>The response.</returns>
    public virtual TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
        where TRequest : class
        where TResponse : class =>
        continuation(request, context);

    /// <summary>Before a unary call.</summary>
    /// <typeparam name="TRequest">The request's message type.</typeparam>
    /// <typeparam name="TResponse">The response's message type.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="context">The call.</param>
    /// <param name="continuation">Goes on.</param>
    /// <returns>The call under way.</returns>
    public virtual AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        where TRequest : class
        where TResponse : class =>
        continuation(request, context);

    /// <summary>Before a call with a stream of responses.</summary>
    /// <typeparam name="TRequest">The request's message type.</typeparam>
    /// <typeparam name="TResponse">The response's message type.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="context">The call.</param>
    /// <param name="continuation">Goes on.</param>
    /// <returns>The call under way.</returns>
    public virtual AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
        where TRequest : class
        where TResponse : class =>
        continuation(request, context);

    /// <summary>Before a call with a stream of requests.</summary>
    /// <typeparam name="TRequest">The request's message type.</typeparam>
    /// <typeparam name="TResponse">The response's message type.</typeparam>
    /// <param name="context">The call.</param>
    /// <param name="continuation">Goes on.</param>
    /// <returns>The call under way.</returns>
    public virtual AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
        where TRequest : class
        where TResponse : class =>
        continuation(context);

    /// <summary>Before a call with streams both ways.</summary>
    /// <typeparam name="TRequest">The request's message type.</typeparam>
    /// <typeparam name="TResponse">The response's message type.</typeparam>
    /// <param name="context">The call.</param>
    /// <param name="continuation">Goes on.</param>
    /// <returns>The call under way.</returns>
    public virtual AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
        where TRequest : class
        where TResponse : class =>
        continuation(context);
}
