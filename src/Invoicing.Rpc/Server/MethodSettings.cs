using System.IO.Compression;
using Grpc.Shared;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>The options of one service, put together from those for all and its own.</summary>
internal sealed class MethodSettings
{
    public MethodSettings(GrpcServiceOptions all, GrpcServiceOptions own)
    {
        MaxSendMessageSize = own.IsMaxSendMessageSizeSet ? own.MaxSendMessageSize : all.MaxSendMessageSize;
        MaxReceiveMessageSize = own.IsMaxReceiveMessageSizeSet ? own.MaxReceiveMessageSize : all.MaxReceiveMessageSize;
        EnableDetailedErrors = own.EnableDetailedErrors ?? all.EnableDetailedErrors ?? false;
        ResponseEncoding = own.ResponseCompressionAlgorithm ?? all.ResponseCompressionAlgorithm;
        ResponseCompressionLevel = own.ResponseCompressionLevel ?? all.ResponseCompressionLevel;
        Encodings = own.CompressionProviders.Count + all.CompressionProviders.Count == 0
            ? MessageEncodings.Default
            : new MessageEncodings([.. own.CompressionProviders, .. all.CompressionProviders]);
        Interceptors = [.. all.Interceptors, .. own.Interceptors];
    }

    public int? MaxSendMessageSize { get; }

    public int? MaxReceiveMessageSize { get; }

    public bool EnableDetailedErrors { get; }

    public string? ResponseEncoding { get; }

    public CompressionLevel? ResponseCompressionLevel { get; }

    public MessageEncodings Encodings { get; }

    public IReadOnlyList<InterceptorRegistration> Interceptors { get; }
}
