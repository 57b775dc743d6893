using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Serves calls of one request, one response.</summary>
internal sealed class UnaryServerCallHandler<
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService, TRequest, TResponse> : ServerCallHandler
    where TService : class
    where TRequest : class
    where TResponse : class
{
    private readonly Method<TRequest, TResponse> _method;
    private readonly Func<TService, TRequest, ServerCallContext, Task<TResponse>> _handler;
    private readonly UnaryServerMethod<TRequest, TResponse> _pipeline;

    public UnaryServerCallHandler(
        Method<TRequest, TResponse> method,
        Func<TService, TRequest, ServerCallContext, Task<TResponse>> handler,
        MethodSettings settings,
        ILogger logger)
        : base(settings, logger)
    {
        _method = method;
        _handler = handler;
        _pipeline = settings.Interceptors.Reverse().Aggregate(
            (UnaryServerMethod<TRequest, TResponse>)HandleAsync, (next, interceptor) => Intercepted(interceptor, next));
    }

    protected override async Task ServeAsync(HttpContextServerCallContext call)
    {
        TRequest request = await SingleRequests.ReadAsync(call, _method.RequestMarshaller.ContextualDeserializer).ConfigureAwait(false);
        TResponse response = await _pipeline(request, call).ConfigureAwait(false);
        await RespondAsync(call, response, _method.ResponseMarshaller.ContextualSerializer).ConfigureAwait(false);
    }

    private static UnaryServerMethod<TRequest, TResponse> Intercepted(
        InterceptorRegistration registration, UnaryServerMethod<TRequest, TResponse> next) =>
        async (request, context) =>
        {
            Activated<Interceptor> interceptor = registration.Create(context.GetHttpContext().RequestServices);
            await using (interceptor.ConfigureAwait(false))
            {
                return await interceptor.Instance.UnaryServerHandler(request, context, next).ConfigureAwait(false);
            }
        };

    private async Task<TResponse> HandleAsync(TRequest request, ServerCallContext context)
    {
        Activated<TService> service = ServiceActivator<TService>.Create(context.GetHttpContext().RequestServices);
        await using (service.ConfigureAwait(false))
        {
            return await _handler(service.Instance, request, context).ConfigureAwait(false);
        }
    }
}
