using System.Net.Http.Headers;
using Grpc.Shared;

namespace Grpc.Net.Client.Internal;

/// <summary>The content type of requests.</summary>
internal static class GrpcContentType
{
    public static readonly MediaTypeHeaderValue Value = new(ProtocolNames.ContentType);
}
