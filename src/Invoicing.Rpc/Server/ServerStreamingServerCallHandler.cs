using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Serves calls of one request, many responses.</summary>
internal sealed class ServerStreamingServerCallHandler<
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService, TRequest, TResponse> : ServerCallHandler
    where TService : class
    where TRequest : class
    where TResponse : class
{
    private readonly Method<TRequest, TResponse> _method;
    private readonly Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task> _handler;
    private readonly ServerStreamingServerMethod<TRequest, TResponse> _pipeline;

    public ServerStreamingServerCallHandler(
        Method<TRequest, TResponse> method,
        Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task> handler,
        MethodSettings settings,
        ILogger logger)
        : base(settings, logger)
    {
        _method = method;
        _handler = handler;
        _pipeline = settings.Interceptors.Reverse().Aggregate(
            (ServerStreamingServerMethod<TRequest, TResponse>)HandleAsync, (next, interceptor) => Intercepted(interceptor, next));
    }

    protected override async Task ServeAsync(HttpContextServerCallContext call)
    {
        AllowLongResponse(call.Http);
        TRequest request = await SingleRequests.ReadAsync(call, _method.RequestMarshaller.ContextualDeserializer).ConfigureAwait(false);
        var writer = new HttpContextStreamWriter<TResponse>(
            call, _method.ResponseMarshaller.ContextualSerializer, expectsMore: null);
        call.OnExpired = writer.Close;
        try
        {
            await _pipeline(request, writer, call).ConfigureAwait(false);
        }
        finally
        {
            await writer.CloseAsync().ConfigureAwait(false);
        }
    }

    private static ServerStreamingServerMethod<TRequest, TResponse> Intercepted(
        InterceptorRegistration registration, ServerStreamingServerMethod<TRequest, TResponse> next) =>
        async (request, responses, context) =>
        {
            Activated<Interceptor> interceptor = registration.Create(context.GetHttpContext().RequestServices);
            await using (interceptor.ConfigureAwait(false))
            {
                await interceptor.Instance.ServerStreamingServerHandler(request, responses, context, next).ConfigureAwait(false);
            }
        };

    private async Task HandleAsync(TRequest request, IServerStreamWriter<TResponse> responses, ServerCallContext context)
    {
        Activated<TService> service = ServiceActivator<TService>.Create(context.GetHttpContext().RequestServices);
        await using (service.ConfigureAwait(false))
        {
            await _handler(service.Instance, request, responses, context).ConfigureAwait(false);
        }
    }
}
