using Grpc.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Lets only gRPC requests through, so that other paths of two parts stay free for pages.</summary>
internal sealed class UnimplementedConstraint : IRouteConstraint
{
    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        httpContext is null || (HttpMethods.IsPost(httpContext.Request.Method)
            && httpContext.Request.ContentType is { } type && ProtocolNames.IsContentType(type));
}
