using System.Buffers;
using System.Net;
using Grpc.Core;
using Grpc.Shared;

namespace Grpc.Net.Client.Internal;

/// <summary>A request of one message. It may be sent twice: the server may refuse a stream that it has not looked at.</summary>
internal sealed class SingleRequest : HttpContent
{
    /// <summary>A buffer that grew past this is not kept for the thread's next request.</summary>
    private const int KeptBufferSize = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    private readonly ReadOnlyMemory<byte> _message;

    private SingleRequest(ReadOnlyMemory<byte> message)
    {
        _message = message;
        Headers.ContentType = GrpcContentType.Value;
    }

    public static SingleRequest Of<T>(MessageWriter writer, Action<T, SerializationContext> serializer, T message, WriteOptions? options)
    {
        // Taken away while it is in use: a serializer may make a call itself.
        ArrayBufferWriter<byte> buffer = _buffer ?? new ArrayBufferWriter<byte>(1024);
        _buffer = null;
        buffer.ResetWrittenCount();
        writer.Write(message, serializer, buffer, options);
        if (buffer.Capacity > KeptBufferSize)
        {
            return new SingleRequest(buffer.WrittenMemory);
        }

        _buffer = buffer;
        return new SingleRequest(buffer.WrittenSpan.ToArray());
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
