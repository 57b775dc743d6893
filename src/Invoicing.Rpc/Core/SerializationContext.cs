using System.Buffers;

namespace Grpc.Core;

/// <summary>
/// Takes one message's bytes: either <see cref="Complete(byte[])"/> alone, or optionally <see cref="SetPayloadLength"/>,
/// then <see cref="GetBufferWriter"/>, then <see cref="Complete()"/>.
/// </summary>
internal abstract class SerializationContext
{
    /// <summary>Takes the whole message.</summary>
    /// <param name="payload">Not changed by the caller afterwards.</param>
    public virtual void Complete(byte[] payload) => throw new NotSupportedException();

    /// <summary>Where the message is written to.</summary>
    /// <returns>The writer; valid until <see cref="Complete()"/>.</returns>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotSupportedException();

    /// <summary>Tells the length beforehand, so that no buffer in between is needed.</summary>
    /// <param name="payloadLength">Bytes that will be written, exactly.</param>
    public virtual void SetPayloadLength(int payloadLength)
    {
    }

    /// <summary>All of the message is written.</summary>
    public virtual void Complete() => throw new NotSupportedException();
}
