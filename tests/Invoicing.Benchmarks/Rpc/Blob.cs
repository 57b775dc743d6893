using Grpc.Core;

namespace Invoicing.Benchmarks.Rpc;

/// <summary>A message that is nothing but bytes, so that the layer is measured and not protobuf.</summary>
internal sealed class Blob(byte[] bytes)
{
    public byte[] Bytes { get; } = bytes;

    /// <summary>What every message is read as: the bytes are looked at where they lie, as a lean parser does.</summary>
    private static readonly Blob Received = new([]);

    /// <summary>Straight into and out of the transport's buffers.</summary>
    public static Marshaller<Blob> Marshaller { get; } = new(Write, Read);

    private static void Write(Blob blob, SerializationContext context)
    {
        context.SetPayloadLength(blob.Bytes.Length);
        System.Buffers.BuffersExtensions.Write(context.GetBufferWriter(), blob.Bytes);
        context.Complete();
    }

    private static Blob Read(DeserializationContext context)
    {
        if (context.PayloadAsReadOnlySequence().Length != context.PayloadLength)
        {
            throw new InvalidDataException("The message is not whole.");
        }

        return Received;
    }
}
