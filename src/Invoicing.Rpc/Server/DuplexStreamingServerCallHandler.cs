using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Serves calls of many requests, many responses.</summary>
internal sealed class DuplexStreamingServerCallHandler<
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService, TRequest, TResponse> : ServerCallHandler
    where TService : class
    where TRequest : class
    where TResponse : class
{
    private readonly Method<TRequest, TResponse> _method;
    private readonly Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task> _handler;
    private readonly DuplexStreamingServerMethod<TRequest, TResponse> _pipeline;

    public DuplexStreamingServerCallHandler(
        Method<TRequest, TResponse> method,
        Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task> handler,
        MethodSettings settings,
        ILogger logger)
        : base(settings, logger)
    {
        _method = method;
        _handler = handler;
        _pipeline = settings.Interceptors.Reverse().Aggregate(
            (DuplexStreamingServerMethod<TRequest, TResponse>)HandleAsync, (next, interceptor) => Intercepted(interceptor, next));
    }

    protected override async Task ServeAsync(HttpContextServerCallContext call)
    {
        AllowLongRequest(call.Http);
        AllowLongResponse(call.Http);
        var reader = new HttpContextStreamReader<TRequest>(call, _method.RequestMarshaller.ContextualDeserializer);
        var writer = new HttpContextStreamWriter<TResponse>(
            call, _method.ResponseMarshaller.ContextualSerializer, () => reader.HasMore);
        call.OnExpired = writer.Close;
        try
        {
            await _pipeline(reader, writer, call).ConfigureAwait(false);
        }
        finally
        {
            reader.Close();
            await writer.CloseAsync().ConfigureAwait(false);
        }
    }

    private static DuplexStreamingServerMethod<TRequest, TResponse> Intercepted(
        InterceptorRegistration registration, DuplexStreamingServerMethod<TRequest, TResponse> next) =>
        async (requests, responses, context) =>
        {
            Activated<Interceptor> interceptor = registration.Create(context.GetHttpContext().RequestServices);
            await using (interceptor.ConfigureAwait(false))
            {
                await interceptor.Instance.DuplexStreamingServerHandler(requests, responses, context, next).ConfigureAwait(false);
            }
        };

    private async Task HandleAsync(IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context)
    {
        Activated<TService> service = ServiceActivator<TService>.Create(context.GetHttpContext().RequestServices);
        await using (service.ConfigureAwait(false))
        {
            await _handler(service.Instance, requests, responses, context).ConfigureAwait(false);
        }
    }
}
