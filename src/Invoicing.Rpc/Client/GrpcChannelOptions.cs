using Grpc.Net.Compression;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client;

/// <summary>How a channel reaches its server, and what it takes from it.</summary>
internal sealed class GrpcChannelOptions
{
    /// <summary>Largest message taken unless set: 4 MiB, as all gRPC stacks have it.</summary>
    internal const int DefaultMaxReceiveMessageSize = 4 * 1024 * 1024;

    /// <summary>Largest message sent, in bytes; null for no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>Largest message taken, in bytes, as sent and as decompressed; null for no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = DefaultMaxReceiveMessageSize;

    /// <summary>Ways to compress; null for gzip and deflate.</summary>
    public IList<ICompressionProvider>? CompressionProviders { get; set; }

    /// <summary>Where calls are logged; null for nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Makes the connections: TLS, client certificate, keep-alive pings, windows. Null for a plain one.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Whether the channel disposes <see cref="HttpHandler"/>; one that it made itself it always does.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>A cancelled call throws <see cref="OperationCanceledException"/> instead of <see cref="Core.RpcException"/>.</summary>
    public bool ThrowOperationCanceledOnCancellation { get; set; }
}
