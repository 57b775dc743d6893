using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Serves calls of many requests, one response.</summary>
internal sealed class ClientStreamingServerCallHandler<
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService, TRequest, TResponse> : ServerCallHandler
    where TService : class
    where TRequest : class
    where TResponse : class
{
    private readonly Method<TRequest, TResponse> _method;
    private readonly Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>> _handler;
    private readonly ClientStreamingServerMethod<TRequest, TResponse> _pipeline;

    public ClientStreamingServerCallHandler(
        Method<TRequest, TResponse> method,
        Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>> handler,
        MethodSettings settings,
        ILogger logger)
        : base(settings, logger)
    {
        _method = method;
        _handler = handler;
        _pipeline = settings.Interceptors.Reverse().Aggregate(
            (ClientStreamingServerMethod<TRequest, TResponse>)HandleAsync, (next, interceptor) => Intercepted(interceptor, next));
    }

    protected override async Task ServeAsync(HttpContextServerCallContext call)
    {
        AllowLongRequest(call.Http);
        AllowLongResponse(call.Http);
        var reader = new HttpContextStreamReader<TRequest>(call, _method.RequestMarshaller.ContextualDeserializer);
        TResponse response;
        try
        {
            response = await _pipeline(reader, call).ConfigureAwait(false);
        }
        finally
        {
            reader.Close();
        }

        await RespondAsync(call, response, _method.ResponseMarshaller.ContextualSerializer).ConfigureAwait(false);
    }

    private static ClientStreamingServerMethod<TRequest, TResponse> Intercepted(
        InterceptorRegistration registration, ClientStreamingServerMethod<TRequest, TResponse> next) =>
        async (requests, context) =>
        {
            Activated<Interceptor> interceptor = registration.Create(context.GetHttpContext().RequestServices);
            await using (interceptor.ConfigureAwait(false))
            {
                return await interceptor.Instance.ClientStreamingServerHandler(requests, context, next).ConfigureAwait(false);
            }
        };

    private async Task<TResponse> HandleAsync(IAsyncStreamReader<TRequest> requests, ServerCallContext context)
    {
        Activated<TService> service = ServiceActivator<TService>.Create(context.GetHttpContext().RequestServices);
        await using (service.ConfigureAwait(false))
        {
            return await _handler(service.Instance, requests, context).ConfigureAwait(false);
        }
    }
}
