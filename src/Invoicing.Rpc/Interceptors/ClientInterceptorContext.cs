namespace Grpc.Core.Interceptors;

/// <summary>A call about to be made.</summary>
/// <typeparam name="TRequest">The request's message type.</typeparam>
/// <typeparam name="TResponse">The response's message type.</typeparam>
/// <param name="method">What is called.</param>
/// <param name="host">Another authority than the channel's.</param>
/// <param name="options">What the caller asks of the call.</param>
internal readonly struct ClientInterceptorContext<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    where TRequest : class
    where TResponse : class
{
    /// <summary>What is called.</summary>
    public Method<TRequest, TResponse> Method { get; } = method;

    /// <summary>Another authority than the channel's.</summary>
    public string? Host { get; } = host;

    /// <summary>What the caller asks of the call.</summary>
    public CallOptions Options { get; } = options;
}
