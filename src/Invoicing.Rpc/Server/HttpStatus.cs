using System.Globalization;
using Grpc.Core;
using Grpc.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Writes a call's end into an HTTP response.</summary>
internal static class HttpStatus
{
    /// <summary>
    /// Writes the status where it belongs: into the trailers, or, as nothing was sent yet, into the headers ("Trailers-Only").
    /// </summary>
    public static void WriteStatus(this HttpResponse response, Status status, Metadata? trailers = null)
    {
        IHeaderDictionary target = response.HasStarted
            ? response.HttpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers
                ?? throw new InvalidOperationException("Trailers are not supported for this response. The server may not support gRPC.")
            : response.Headers;
        foreach (Metadata.Entry entry in trailers ?? Metadata.Empty)
        {
            target.Append(entry.Key, entry.Wire);
        }

        target[ProtocolNames.Status] = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (!string.IsNullOrEmpty(status.Detail))
        {
            target[ProtocolNames.Message] = StatusText.Encode(status.Detail);
        }
    }
}
