using System.Diagnostics.CodeAnalysis;
using Grpc.AspNetCore.Server.Internal;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>An interceptor's type and what its constructor is given.</summary>
internal sealed class InterceptorRegistration
{
    private readonly object[] _arguments;

    internal InterceptorRegistration(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type, object[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments.Contains(null))
        {
            throw new ArgumentException(
                "Interceptor arguments contains a null value. Null interceptor arguments are not supported.", nameof(arguments));
        }

        Type = type;
        _arguments = arguments;
    }

    /// <summary>The interceptor's type.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    public Type Type { get; }

    /// <summary>Given to its constructor.</summary>
    public IReadOnlyList<object> Arguments => _arguments;

    internal Activated<Interceptor> Create(IServiceProvider services) =>
        _arguments.Length == 0 && services.GetService(Type) is Interceptor shared
            ? new Activated<Interceptor>(shared, isOwned: false)
            : new Activated<Interceptor>((Interceptor)ActivatorUtilities.CreateInstance(services, Type, _arguments), isOwned: true);
}
