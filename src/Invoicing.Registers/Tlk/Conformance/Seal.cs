using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>Seals and opens frames as a gateway does. TLK/1 §3.13.</summary>
internal sealed class Seal(ReadOnlyMemory<byte> key)
{
    private const int TagLength = 16;
    private static readonly byte[] HelloLabel = Encoding.ASCII.GetBytes("TLK/1 hello\0");
    private static readonly byte[] WelcomeLabel = Encoding.ASCII.GetBytes("TLK/1 welcome\0");
    private static readonly byte[] SessionLabel = Encoding.ASCII.GetBytes("TLK/1 session\0");
    private static readonly byte[] FrameLabel = Encoding.ASCII.GetBytes("TLK/1 frame\0");

    private byte[] _helloNonce = [];
    private byte[]? _sessionKey;

    /// <summary>A HELLO came: what answers it is bound to its nonce.</summary>
    internal void Greet(ReadOnlySpan<byte> helloNonce)
    {
        if (!helloNonce.SequenceEqual(_helloNonce))
        {
            _helloNonce = helloNonce.ToArray();
            _sessionKey = null;
        }
    }

    /// <summary>A session begins with this WELCOME nonce.</summary>
    internal void Begin(ReadOnlySpan<byte> welcomeNonce) =>
        _sessionKey = HMACSHA256.HashData(key.Span, (byte[])[.. SessionLabel, .. _helloNonce, .. welcomeNonce]);

    /// <summary>A gateway's frame, sealed.</summary>
    internal TlkFrame Close(TlkFrame frame) => With(frame, Tag(frame.Type, Body(frame, frame.Payload.Span)));

    /// <summary>The register's frame without its tag, or <see langword="null"/> if it is not sealed right.</summary>
    internal TlkFrame? Open(TlkFrame frame)
    {
        if ((frame.Flags & TlkFlags.Sealed) == TlkFlags.None || frame.Payload.Length < TagLength)
        {
            return null;
        }

        ReadOnlyMemory<byte> content = frame.Payload[..^TagLength];
        byte[] tag = Tag(frame.Type, Body(frame, content.Span));
        bool right = CryptographicOperations.FixedTimeEquals(tag, frame.Payload.Span[^TagLength..]);
        return right ? frame with { Payload = content, Flags = frame.Flags & ~TlkFlags.Sealed } : null;
    }

    private static TlkFrame With(TlkFrame frame, byte[] tag) =>
        frame with { Flags = frame.Flags | TlkFlags.Sealed, Payload = (byte[])[.. frame.Payload.Span, .. tag] };

    /// <summary>From <c>ver</c> to the end of the TLVs, with <c>len</c> as sent.</summary>
    private static byte[] Body(TlkFrame frame, ReadOnlySpan<byte> content)
    {
        byte[] body = new byte[TlkFrame.HeadLength + content.Length];
        body[0] = TlkFrame.Version;
        body[1] = (byte)frame.Type;
        body[2] = (byte)(frame.Flags | TlkFlags.Sealed);
        body[3] = frame.Txn;
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(4), (ushort)(content.Length + TagLength));
        content.CopyTo(body.AsSpan(TlkFrame.HeadLength));
        return body;
    }

    private byte[] Tag(TlkType type, byte[] body)
    {
        byte[] whole = type == TlkType.Hello ? HMACSHA256.HashData(key.Span, (byte[])[.. HelloLabel, .. body])
            : _sessionKey is { } session && type != TlkType.Welcome ? HMACSHA256.HashData(session, (byte[])[.. FrameLabel, .. body])
            : HMACSHA256.HashData(key.Span, (byte[])[.. WelcomeLabel, .. _helloNonce, .. body]);
        return whole[..TagLength];
    }
}
