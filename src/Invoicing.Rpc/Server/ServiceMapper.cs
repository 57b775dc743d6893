using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Makes an endpoint of each method that the generated code names.</summary>
internal sealed class ServiceMapper<[DynamicallyAccessedMembers(Needed)] TService>(
    IEndpointRouteBuilder builder, MethodSettings settings, ILogger logger) : ServiceBinderBase
    where TService : class
{
    private const DynamicallyAccessedMemberTypes Needed =
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicMethods;

    private readonly List<IEndpointConventionBuilder> _endpoints = [];
    private readonly HashSet<string> _serviceNames = new(StringComparer.Ordinal);

    public IReadOnlyList<IEndpointConventionBuilder> Endpoints => _endpoints;

    /// <summary>Maps the service's methods, and an answer for those that it has not.</summary>
    public void Map(MappedServices mapped)
    {
        FindBindMethod().Invoke(obj: null, [this, null]);
        if (mapped.IsEmpty)
        {
            MapUnimplemented("{unimplementedService}", "Service is unimplemented.");
        }

        foreach (string name in _serviceNames.Where(mapped.Add))
        {
            MapUnimplemented(name, "Method is unimplemented.");
        }
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        MethodInfo found = Find(method, typeof(TRequest), typeof(ServerCallContext));
        Map(method, found, new UnaryServerCallHandler<TService, TRequest, TResponse>(
            method, found.CreateDelegate<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>(), settings, logger));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        MethodInfo found = Find(method, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        Map(method, found, new ClientStreamingServerCallHandler<TService, TRequest, TResponse>(
            method,
            found.CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>(),
            settings,
            logger));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        MethodInfo found = Find(method, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        Map(method, found, new ServerStreamingServerCallHandler<TService, TRequest, TResponse>(
            method,
            found.CreateDelegate<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(),
            settings,
            logger));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        MethodInfo found = Find(
            method, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        Map(method, found, new DuplexStreamingServerCallHandler<TService, TRequest, TResponse>(
            method,
            found.CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(),
            settings,
            logger));
    }

    private static MethodInfo FindBindMethod()
    {
        for (Type? type = typeof(TService); type is not null; type = type.BaseType)
        {
            if (type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is { } bind)
            {
                return bind.BindType.GetMethod(
                        bind.BindMethodName, BindingFlags.Public | BindingFlags.Static, [typeof(ServiceBinderBase), type])
                    ?? throw new InvalidOperationException($"{bind.BindType} has no method '{bind.BindMethodName}' for {type}.");
            }
        }

        throw new InvalidOperationException($"{typeof(TService)} does not derive from a generated service base.");
    }

    private static MethodInfo Find(IMethod method, params Type[] parameters) =>
        typeof(TService).GetMethod(method.Name, BindingFlags.Public | BindingFlags.Instance, parameters)
        ?? throw new InvalidOperationException($"Could not find '{method.Name}' on {typeof(TService)}.");

    private void Map(IMethod method, MethodInfo found, ServerCallHandler handler)
    {
        _serviceNames.Add(method.ServiceName);
        IEndpointConventionBuilder endpoint = builder.Map(RoutePatternFactory.Parse(method.FullName), handler.HandleCallAsync);
        endpoint.Add(e =>
        {
            e.DisplayName = $"gRPC - {method.FullName}";
            e.Metadata.Add(method);
            foreach (object attribute in typeof(TService).GetCustomAttributes(inherit: true).Concat(found.GetCustomAttributes(inherit: true)))
            {
                e.Metadata.Add(attribute);
            }

            e.Metadata.Add(new HttpMethodMetadata([HttpMethods.Post], acceptCorsPreflight: true));
        });
        _endpoints.Add(endpoint);
    }

    private void MapUnimplemented(string service, string detail)
    {
        RoutePattern pattern = RoutePatternFactory.Parse(
            service + "/{unimplementedMethod}",
            defaults: null,
            parameterPolicies: new RouteValueDictionary { ["unimplementedMethod"] = new UnimplementedConstraint() });
        IEndpointConventionBuilder endpoint = builder.Map(pattern, http =>
        {
            Log.Unimplemented(logger, http.Request.Path);
            http.Response.ContentType = Shared.ProtocolNames.ContentType;
            http.Response.WriteStatus(new Status(StatusCode.Unimplemented, detail));
            return Task.CompletedTask;
        });
        endpoint.Add(e => e.DisplayName = $"gRPC - unimplemented in {service}");
        _endpoints.Add(endpoint);
    }
}
