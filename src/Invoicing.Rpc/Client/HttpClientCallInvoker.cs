using Grpc.Core;

#pragma warning disable CA2000 // The caller disposes the calls; one that is not disposed gives up all it holds when it ends.
namespace Grpc.Net.Client.Internal;

/// <summary>Starts calls over a channel.</summary>
internal sealed class HttpClientCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        using AsyncUnaryCall<TResponse> call = AsyncUnaryCall(method, host, options, request);
        return call.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new GrpcCall(channel, method, options);
        Task<TResponse> response = call.ReadSingleAsync(RequestOf(call, method, request), method.ResponseMarshaller.ContextualDeserializer);
        return new AsyncUnaryCall<TResponse>(response, call);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new GrpcCall(channel, method, options);
        call.Open(RequestOf(call, method, request));
        return new AsyncServerStreamingCall<TResponse>(ReaderOf(call, method), call);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new GrpcCall(channel, method, options);
        var requests = new RequestPump(call);
        Task<TResponse> response = call.ReadSingleAsync(() => requests, method.ResponseMarshaller.ContextualDeserializer);
        return new AsyncClientStreamingCall<TRequest, TResponse>(WriterOf(call, method, requests), response, call);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new GrpcCall(channel, method, options);
        var requests = new RequestPump(call);
        call.Open(() => requests);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(WriterOf(call, method, requests), ReaderOf(call, method), call);
    }

    // Serialised inside the call, so that a message over the limit becomes the call's status and not an exception of the caller's.
    private static Func<HttpContent> RequestOf<TRequest, TResponse>(GrpcCall call, Method<TRequest, TResponse> method, TRequest request) =>
        () => SingleRequest.Of(call.CreateWriter(), method.RequestMarshaller.ContextualSerializer, request, call.Options.WriteOptions);

    private static ClientStreamWriter<TRequest> WriterOf<TRequest, TResponse>(
        GrpcCall call, Method<TRequest, TResponse> method, RequestPump requests) =>
        new(call, requests, method.RequestMarshaller.ContextualSerializer);

    private static ClientStreamReader<TResponse> ReaderOf<TRequest, TResponse>(GrpcCall call, Method<TRequest, TResponse> method)
        where TResponse : class =>
        new(call, method.ResponseMarshaller.ContextualDeserializer);
}
