namespace Grpc.Core;

/// <summary>Serves a unary call.</summary>
/// <typeparam name="TRequest">The request's message type.</typeparam>
/// <typeparam name="TResponse">The response's message type.</typeparam>
/// <param name="request">What was asked.</param>
/// <param name="context">The call.</param>
/// <returns>The response.</returns>
internal delegate Task<TResponse> UnaryServerMethod<TRequest, TResponse>(TRequest request, ServerCallContext context)
    where TRequest : class
    where TResponse : class;
