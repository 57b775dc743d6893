using System.Buffers;
using Grpc.Core;

namespace Grpc.Shared;

/// <summary>One message for a deserializer; used again for each message of a call.</summary>
internal sealed class MessagePayload : DeserializationContext
{
    private ReadOnlySequence<byte> _bytes;

    public override int PayloadLength => (int)_bytes.Length;

    /// <summary>Runs a deserializer over one message's bytes.</summary>
    public T Read<T>(in ReadOnlySequence<byte> bytes, Func<DeserializationContext, T> deserializer)
    {
        _bytes = bytes;
        T message = deserializer(this);
        _bytes = default;
        return message;
    }

    public override byte[] PayloadAsNewBuffer() => _bytes.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _bytes;
}
