using Grpc.AspNetCore.Server.Internal;
using Microsoft.AspNetCore.Http;

namespace Grpc.Core;

/// <summary>What a handler sees below gRPC.</summary>
internal static class ServerCallContextExtensions
{
    /// <summary>The HTTP request: connection, client certificate, services.</summary>
    /// <param name="serverCallContext">The call.</param>
    /// <returns>The request's context.</returns>
    /// <exception cref="InvalidOperationException">The call did not come over HTTP.</exception>
    public static HttpContext GetHttpContext(this ServerCallContext serverCallContext)
    {
        ArgumentNullException.ThrowIfNull(serverCallContext);
        return serverCallContext is HttpContextServerCallContext call
            ? call.Http
            : throw new InvalidOperationException("The call has no HttpContext: it is not hosted by ASP.NET Core.");
    }
}
