using System.Net.Sockets;
using Grpc.Core;
using Grpc.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>One call as it came over HTTP.</summary>
#pragma warning disable CA1001 // EndAsync gives up what the call holds.
internal sealed partial class HttpContextServerCallContext(HttpContext http, MethodSettings settings, ILogger logger) : ServerCallContext
{
    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;
    private AuthContext? _authContext;

    /// <summary>The request and its response.</summary>
    public HttpContext Http { get; } = http;

    /// <summary>The caller reset the stream, or its connection is gone.</summary>
    public bool IsAborted => Http.RequestAborted.IsCancellationRequested;

    protected override string MethodCore => Http.Request.Path.Value!;

    protected override string HostCore => Http.Request.Host.Value!;

    // https://github.com/grpc/grpc/blob/master/doc/naming.md
    protected override string PeerCore => Http.Connection.RemoteIpAddress switch
    {
        null => "unknown",
        { AddressFamily: AddressFamily.InterNetworkV6 } v6 => $"ipv6:[{v6}]:{Http.Connection.RemotePort}",
        { } v4 => $"ipv4:{v4}:{Http.Connection.RemotePort}",
    };

    protected override Metadata RequestHeadersCore => _requestHeaders ??= ReadHeaders();

    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    protected override Status StatusCore { get; set; } = Status.DefaultSuccess;

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => _authContext ??= PeerCertificate.ToAuthContext(Http.Connection.ClientCertificate);

    protected override IDictionary<object, object> UserStateCore => Http.Items!;

    private string? ResponseEncoding { get; set; }

    /// <summary>For the request's messages.</summary>
    public MessageDecoder CreateDecoder() =>
        new(settings.Encodings, settings.MaxReceiveMessageSize, Http.Request.Headers.GrpcEncoding is [{ } encoding] ? encoding : null);

    /// <summary>For the response's messages; made when the first one is written, as headers may still choose an encoding.</summary>
    public MessageWriter CreateWriter() =>
        new(settings.MaxSendMessageSize, settings.Encodings.Find(ResponseEncoding), settings.ResponseCompressionLevel);

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        if (Http.Response.HasStarted)
        {
            throw new InvalidOperationException("Response headers can only be sent once per call.");
        }

        foreach (Metadata.Entry entry in responseHeaders)
        {
            if (entry.Key == ProtocolNames.WantedEncoding)
            {
                UseEncoding(entry.Value);
            }
            else
            {
                Http.Response.Headers.Append(entry.Key, entry.Wire);
            }
        }

        await Http.Response.BodyWriter.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("A call's context cannot be propagated.");

    private void UseEncoding(string encoding)
    {
        ResponseEncoding = encoding;
        Http.Response.Headers.GrpcEncoding = encoding;
    }

    private bool Accepts(string encoding) =>
        Http.Request.Headers.GrpcAcceptEncoding.ToString().Split(',', StringSplitOptions.TrimEntries).Contains(encoding);

    private Metadata ReadHeaders()
    {
        Metadata headers = [];
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues value) in Http.Request.Headers)
        {
            if (ProtocolNames.IsReserved(name) || name.ToUpperInvariant() is "GRPC-TIMEOUT" or "TE" or "HOST" or "ACCEPT-ENCODING")
            {
                continue;
            }

            if (name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
            {
                BinaryText.AddTo(headers, name, value.ToString());
            }
            else
            {
                headers.Add(name, value.ToString());
            }
        }

        return headers;
    }
}
