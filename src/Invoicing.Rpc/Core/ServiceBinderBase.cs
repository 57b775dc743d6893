namespace Grpc.Core;

/// <summary>Told of each method of a service by the generated <c>BindService</c>.</summary>
internal abstract class ServiceBinderBase
{
    /// <summary>A unary method.</summary>
    /// <typeparam name="TRequest">The request's message type.</typeparam>
    /// <typeparam name="TResponse">The response's message type.</typeparam>
    /// <param name="method">Path and marshallers.</param>
    /// <param name="handler">Serves it; null where only the description is wanted.</param>
    public virtual void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class =>
        throw new NotSupportedException();

    /// <summary>A method with a stream of requests.</summary>
    /// <typeparam name="TRequest">The request's message type.</typeparam>
    /// <typeparam name="TResponse">The response's message type.</typeparam>
    /// <param name="method">Path and marshallers.</param>
    /// <param name="handler">Serves it; null where only the description is wanted.</param>
    public virtual void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class =>
        throw new NotSupportedException();

    /// <summary>A method with a stream of responses.</summary>
    /// <typeparam name="TRequest">The request's message type.</typeparam>
    /// <typeparam name="TResponse">The response's message type.</typeparam>
    /// <param name="method">Path and marshallers.</param>
    /// <param name="handler">Serves it; null where only the description is wanted.</param>
    public virtual void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class =>
        throw new NotSupportedException();

    /// <summary>A method with streams both ways.</summary>
    /// <typeparam name="TRequest">The request's message type.</typeparam>
    /// <typeparam name="TResponse">The response's message type.</typeparam>
    /// <param name="method">Path and marshallers.</param>
    /// <param name="handler">Serves it; null where only the description is wanted.</param>
    public virtual void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class =>
        throw new NotSupportedException();
}
