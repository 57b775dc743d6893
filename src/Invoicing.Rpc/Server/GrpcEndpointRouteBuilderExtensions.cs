using System.Diagnostics.CodeAnalysis;
using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Internal;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps gRPC services to endpoints.</summary>
internal static class GrpcEndpointRouteBuilderExtensions
{
    private const DynamicallyAccessedMemberTypes Needed =
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicMethods;

    /// <summary>Maps each method of a service; other methods of it, and other services, are answered as unimplemented.</summary>
    /// <typeparam name="TService">Derives from a generated service base.</typeparam>
    /// <param name="builder">The host's endpoints.</param>
    /// <returns>For metadata of all its endpoints.</returns>
    /// <exception cref="InvalidOperationException"><c>AddGrpc</c> was not called, or the type is not a service.</exception>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<[DynamicallyAccessedMembers(Needed)] TService>(
        this IEndpointRouteBuilder builder)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceProvider services = builder.ServiceProvider;
        MappedServices mapped = services.GetService<MappedServices>()
            ?? throw new InvalidOperationException("Unable to find the required services: call 'IServiceCollection.AddGrpc' first.");
        var settings = new MethodSettings(
            services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value,
            services.GetRequiredService<IOptions<GrpcServiceOptions<TService>>>().Value);
        ILoggerFactory loggers = services.GetRequiredService<ILoggerFactory>();
        var binder = new ServiceMapper<TService>(builder, settings, loggers.CreateLogger("Grpc.AspNetCore.Server.ServerCallHandler"));
        binder.Map(mapped);
        return new GrpcServiceEndpointConventionBuilder(binder.Endpoints);
    }
}
