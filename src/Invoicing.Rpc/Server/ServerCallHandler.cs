using Grpc.Core;
using Grpc.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Serves the calls of one method.</summary>
internal abstract class ServerCallHandler(MethodSettings settings, ILogger logger)
{
    /// <summary>Serves one call, from its headers to its status.</summary>
    public Task HandleCallAsync(HttpContext http)
    {
        if (http.Request.ContentType is not { } type)
        {
            return Refuse(http, StatusCodes.Status415UnsupportedMediaType, "Content-Type is missing from the request.");
        }

        if (!ProtocolNames.IsContentType(type))
        {
            return Refuse(http, StatusCodes.Status415UnsupportedMediaType, $"Content-Type '{type}' is not supported.");
        }

        if (!HttpProtocol.IsHttp2(http.Request.Protocol) && !HttpProtocol.IsHttp3(http.Request.Protocol))
        {
            http.Response.Headers.Upgrade = HttpProtocol.Http2;
            return Refuse(
                http, StatusCodes.Status426UpgradeRequired, $"Request protocol '{http.Request.Protocol}' is not supported.");
        }

        return ServeToTheEndAsync(new HttpContextServerCallContext(http, settings, logger));
    }

    /// <summary>Reads the request, runs the handler, writes the response.</summary>
    protected abstract Task ServeAsync(HttpContextServerCallContext call);

    /// <summary>A stream may be quiet, long and of any size: the limits of ordinary requests do not fit it.</summary>
    protected static void AllowLongRequest(HttpContext http)
    {
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
    }

    /// <summary>A stream lasts as long as it lasts, unless the endpoint says otherwise.</summary>
    protected static void AllowLongResponse(HttpContext http)
    {
        if (http.Features.Get<IHttpRequestTimeoutFeature>() is { } timeout
            && http.GetEndpoint()?.Metadata is { } metadata
            && metadata.GetMetadata<RequestTimeoutAttribute>() is null
            && metadata.GetMetadata<RequestTimeoutPolicy>() is null)
        {
            timeout.DisableTimeout();
        }
    }

    /// <summary>Writes the only response; Kestrel flushes it with the trailers.</summary>
    protected static async Task RespondAsync<TResponse>(
        HttpContextServerCallContext call, TResponse? response, Action<TResponse, SerializationContext> serializer)
        where TResponse : class
    {
        if (response is null)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "No message returned from method."));
        }

        if (!call.TryFinish())
        {
            return;
        }

        HttpResponse http = call.Http.Response;
        if (!http.HasStarted)
        {
            await http.StartAsync(CancellationToken.None).ConfigureAwait(false);
        }

        call.CreateWriter().Write(response, serializer, http.BodyWriter, call.WriteOptions);
    }

    private async Task ServeToTheEndAsync(HttpContextServerCallContext call)
    {
        call.Http.Response.ContentType = ProtocolNames.ContentType;
        try
        {
            call.Start();
            await ServeAsync(call).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a handler throws becomes the status that its caller sees.
        catch (Exception e)
#pragma warning restore CA1031
        {
            call.Fail(e);
        }

        await call.EndAsync().ConfigureAwait(false);
    }

    private Task Refuse(HttpContext http, int httpStatus, string reason)
    {
        Log.NotGrpc(logger, reason);
        http.Response.StatusCode = httpStatus;
        http.Response.WriteStatus(new Status(StatusCode.Internal, reason));
        return Task.CompletedTask;
    }
}
