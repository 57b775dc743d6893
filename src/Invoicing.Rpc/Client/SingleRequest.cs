using System.Buffers;
using System.Net;
using Grpc.Core;
using Grpc.Shared;

namespace Grpc.Net.Client.Internal;

/// <summary>A request of one message. It may be sent twice: the server may refuse a stream that it has not looked at.</summary>
internal sealed class SingleRequest : HttpContent
{
    private readonly ReadOnlyMemory<byte> _message;

    private SingleRequest(ReadOnlyMemory<byte> message)
    {
        _message = message;
        Headers.ContentType = GrpcContentType.Value;
    }

    public static SingleRequest Of<T>(MessageWriter writer, Action<T, SerializationContext> serializer, T message, WriteOptions? options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        writer.Write(message, serializer, buffer, options);
        return new SingleRequest(buffer.WrittenMemory);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(_message, cancellationToken).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        // A length would be sent as content-length, which gRPC does without.
        length = 0;
        return false;
    }
}
