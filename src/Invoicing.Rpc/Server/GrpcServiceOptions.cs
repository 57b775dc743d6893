using System.IO.Compression;
using Grpc.Net.Client;
using Grpc.Net.Compression;

namespace Grpc.AspNetCore.Server;

/// <summary>What services take and give; for all of them, or, derived, for one.</summary>
internal class GrpcServiceOptions
{
    private int? _maxSendMessageSize;
    private int? _maxReceiveMessageSize = GrpcChannelOptions.DefaultMaxReceiveMessageSize;

    /// <summary>Largest message sent, in bytes; null for no limit.</summary>
    public int? MaxSendMessageSize
    {
        get => _maxSendMessageSize;
        set
        {
            _maxSendMessageSize = value;
            IsMaxSendMessageSizeSet = true;
        }
    }

    /// <summary>Largest message taken, in bytes, as sent and as decompressed; null for no limit. 4 MiB unless set.</summary>
    public int? MaxReceiveMessageSize
    {
        get => _maxReceiveMessageSize;
        set
        {
            _maxReceiveMessageSize = value;
            IsMaxReceiveMessageSizeSet = true;
        }
    }

    /// <summary>Whether callers see the text of unexpected exceptions.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>How responses are compressed where the caller accepts it; null leaves them alone.</summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    /// <summary>How hard; null for the provider's own.</summary>
    public CompressionLevel? ResponseCompressionLevel { get; set; }

    /// <summary>Ways to compress; empty for gzip and deflate.</summary>
    public IList<ICompressionProvider> CompressionProviders { get; } = [];

    /// <summary>Stand before each handler; the first one sees each call first.</summary>
    public InterceptorCollection Interceptors { get; } = [];

    internal bool IsMaxSendMessageSizeSet { get; private set; }

    internal bool IsMaxReceiveMessageSizeSet { get; private set; }
}
