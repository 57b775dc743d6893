using System.Buffers;

namespace Grpc.Core;

/// <summary>Gives one message's bytes.</summary>
internal abstract class DeserializationContext
{
    /// <summary>Bytes in the message.</summary>
    public abstract int PayloadLength { get; }

    /// <summary>The message as an array that the caller may keep.</summary>
    /// <returns>A new array.</returns>
    public virtual byte[] PayloadAsNewBuffer() => throw new NotSupportedException();

    /// <summary>The message where it lies; valid only until the deserializer returns.</summary>
    /// <returns>The transport's own memory.</returns>
    public virtual ReadOnlySequence<byte> PayloadAsReadOnlySequence() => throw new NotSupportedException();
}
