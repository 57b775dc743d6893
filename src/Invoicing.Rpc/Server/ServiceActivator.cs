using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Gives each call its service: the registered one, or one made for the call.</summary>
internal static class ServiceActivator<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService>
    where TService : class
{
    private static readonly Lazy<ObjectFactory<TService>> Factory = new(() => ActivatorUtilities.CreateFactory<TService>([]));

    public static Activated<TService> Create(IServiceProvider services) =>
        services.GetService<TService>() is { } shared
            ? new Activated<TService>(shared, isOwned: false)
            : new Activated<TService>(Factory.Value(services, []), isOwned: true);
}
