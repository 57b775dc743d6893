using System.Buffers.Binary;
using System.Security.Cryptography;
using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tlk.Session;

/// <summary>Tags of sealed frames. TLK/1 §3.13.</summary>
/// <param name="Key">Key of the tag.</param>
/// <param name="Prefix">Label and what follows it, before the frame.</param>
internal sealed record TlkSeal(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Prefix)
{
    /// <summary>Bytes of a tag.</summary>
    internal const int TagLength = 16;

    /// <summary>Of a HELLO.</summary>
    internal static TlkSeal Hello(ReadOnlyMemory<byte> pairing) => new(pairing, "TLK/1 hello\0"u8.ToArray());

    /// <summary>Of what answers a HELLO.</summary>
    internal static TlkSeal Answer(ReadOnlyMemory<byte> pairing, ReadOnlySpan<byte> helloNonce) =>
        new(pairing, (byte[])[.. "TLK/1 welcome\0"u8, .. helloNonce]);

    /// <summary>Of every later frame of a session.</summary>
    internal static TlkSeal Frames(ReadOnlyMemory<byte> pairing, ReadOnlySpan<byte> helloNonce, ReadOnlySpan<byte> welcomeNonce) => new(
        HMACSHA256.HashData(pairing.Span, [.. "TLK/1 session\0"u8, .. helloNonce, .. welcomeNonce]), "TLK/1 frame\0"u8.ToArray());

    /// <summary>The frame with its tag.</summary>
    internal TlkFrame Seal(TlkFrame frame)
    {
        TlkFrame flagged = frame with { Flags = frame.Flags | TlkFlags.Sealed };
        return flagged with { Payload = (byte[])[.. frame.Payload.Span, .. Tag(flagged, frame.Payload.Span)] };
    }

    /// <summary>The frame without its tag.</summary>
    /// <returns><see langword="null"/> if the tag is not there or not right. Takes as long whichever byte differs.</returns>
    internal TlkFrame? Open(TlkFrame frame)
    {
        if ((frame.Flags & TlkFlags.Sealed) == TlkFlags.None || frame.Payload.Length < TagLength)
        {
            return null;
        }

        ReadOnlyMemory<byte> payload = frame.Payload[..^TagLength];
        return CryptographicOperations.FixedTimeEquals(frame.Payload.Span[^TagLength..], Tag(frame, payload.Span))
            ? frame with { Flags = frame.Flags & ~TlkFlags.Sealed, Payload = payload }
            : null;
    }

    // label || extra || ver u8 | type u8 | flags u8 | txn u8 | len u16 | TLVs, with len as sent
    private ReadOnlySpan<byte> Tag(TlkFrame frame, ReadOnlySpan<byte> payload)
    {
        byte[] bytes = new byte[Prefix.Length + TlkFrame.HeadLength + payload.Length];
        Prefix.Span.CopyTo(bytes);
        Span<byte> body = bytes.AsSpan(Prefix.Length);
        body[0] = TlkFrame.Version;
        body[1] = (byte)frame.Type;
        body[2] = (byte)frame.Flags;
        body[3] = frame.Txn;
        BinaryPrimitives.WriteUInt16LittleEndian(body[4..], checked((ushort)(payload.Length + TagLength)));
        payload.CopyTo(body[TlkFrame.HeadLength..]);
        return HMACSHA256.HashData(Key.Span, bytes).AsSpan(0, TagLength);
    }
}
