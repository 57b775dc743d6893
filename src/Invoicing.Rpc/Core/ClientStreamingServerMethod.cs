namespace Grpc.Core;

/// <summary>Serves a call with a stream of requests.</summary>
/// <typeparam name="TRequest">The request's message type.</typeparam>
/// <typeparam name="TResponse">The response's message type.</typeparam>
/// <param name="requestStream">What is asked.</param>
/// <param name="context">The call.</param>
/// <returns>The response.</returns>
internal delegate Task<TResponse> ClientStreamingServerMethod<TRequest, TResponse>(
    IAsyncStreamReader<TRequest> requestStream, ServerCallContext context)
    where TRequest : class
    where TResponse : class;
