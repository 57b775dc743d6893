using System.Buffers;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Grpc.Shared;

/// <summary>Finds messages in what has arrived. A length is checked against the limit before its bytes are waited for.</summary>
/// <param name="encodings">What can be decompressed.</param>
/// <param name="maxSize">Largest message, as sent and as decompressed; null for no limit.</param>
/// <param name="encoding">The <c>grpc-encoding</c> that the peer named, if any.</param>
internal sealed class MessageDecoder(MessageEncodings encodings, int? maxSize, string? encoding)
{
    /// <summary>
    /// Takes the next message off the front. Length-Prefixed-Message = Compressed-Flag Message-Length Message.
    /// </summary>
    /// <param name="buffer">What has arrived; what is left afterwards.</param>
    /// <param name="payload">The message, decompressed; valid as long as the buffer is.</param>
    /// <returns>False while the message is not all there.</returns>
    /// <exception cref="RpcException">Too large, or an encoding that is not spoken.</exception>
    /// <exception cref="InvalidDataException">Not a message.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> payload)
    {
        payload = default;
        if (!FrameHeader.TryRead(buffer, out bool compressed, out uint length))
        {
            return false;
        }

        if (length > (uint)(maxSize ?? int.MaxValue))
        {
            throw new RpcException(ProtocolStatus.ReceivedTooLarge);
        }

        ICompressionProvider? provider = compressed ? Provider() : null;
        if (buffer.Length - FrameHeader.Size < length)
        {
            return false;
        }

        payload = buffer.Slice(FrameHeader.Size, length);
        buffer = buffer.Slice(payload.End);
        if (provider is not null)
        {
            payload = MessageEncodings.Decompress(provider, payload, maxSize);
        }

        return true;
    }

    private ICompressionProvider Provider() => encoding switch
    {
        null => throw new RpcException(ProtocolStatus.CompressedWithoutEncoding),
        ProtocolNames.Identity => throw new RpcException(ProtocolStatus.CompressedWithIdentity),
        _ => encodings.Find(encoding) ?? throw new RpcException(ProtocolStatus.UnsupportedEncoding(encoding, encodings)),
    };
}
