using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FirmwareSim.Bytes;

namespace FirmwareSim.Messages;

/// <summary>Seals frames and opens sealed ones, TLK/1 §3.13.</summary>
internal static class FrameSeal
{
    public const int KeyLength = 32;

    public const int TagLength = 16;

    /// <summary>The HELLO as it runs over the line.</summary>
    public static byte[] EncodeHello(byte txn, byte[] payload, byte[] pairing) =>
        Encode(FrameType.Hello, FrameFlags.None, txn, payload, pairing, Label("hello"));

    /// <summary>Any frame of a session; sealed if there is a key.</summary>
    public static byte[] Encode(FrameType type, FrameFlags flags, byte txn, byte[] payload, byte[]? sessionKey) => sessionKey is null
        ? Frame.Encode(type, flags, txn, payload)
        : Encode(type, flags, txn, payload, sessionKey, Label("frame"));

    /// <summary>Key of all frames after WELCOME.</summary>
    public static byte[] SessionKey(byte[] pairing, byte[] helloNonce, byte[] welcomeNonce) =>
        Hmac(pairing, Label("session"), helloNonce, welcomeNonce);

    /// <summary>Opens what answers a HELLO.</summary>
    public static Frame? OpenAnswer(Frame frame, byte[] pairing, byte[] helloNonce) => Open(frame, pairing, [.. Label("welcome"), .. helloNonce]);

    /// <summary>Opens any other frame of a session.</summary>
    public static Frame? Open(Frame frame, byte[] sessionKey) => Open(frame, sessionKey, Label("frame"));

    private static byte[] Label(string name) => Encoding.ASCII.GetBytes($"TLK/1 {name}\0");

    private static byte[] Encode(FrameType type, FrameFlags flags, byte txn, byte[] payload, byte[] key, byte[] before)
    {
        FrameFlags all = flags | FrameFlags.Sealed;
        byte[] tag = Tag(key, before, type, all, txn, payload);
        return Frame.Encode(type, all, txn, [.. payload, .. tag]);
    }

    private static Frame? Open(Frame frame, byte[] key, byte[] before)
    {
        if (!frame.Flags.HasFlag(FrameFlags.Sealed) || frame.Payload.Length < TagLength)
        {
            return null;
        }

        byte[] payload = frame.Payload[..^TagLength];
        byte[] tag = Tag(key, before, frame.Type, frame.Flags, frame.Txn, payload);
        return CryptographicOperations.FixedTimeEquals(tag, frame.Payload.AsSpan(payload.Length))
            ? frame with { Flags = frame.Flags & ~FrameFlags.Sealed, Payload = payload }
            : null;
    }

    private static byte[] Tag(byte[] key, byte[] before, FrameType type, FrameFlags flags, byte txn, byte[] payload)
    {
        byte[] head = [Frame.Version, (byte)type, (byte)flags, txn, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(4), checked((ushort)(payload.Length + TagLength)));
        return Hmac(key, before, head, payload)[..TagLength];
    }

    private static byte[] Hmac(byte[] key, params ReadOnlySpan<byte[]> parts)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        foreach (byte[] part in parts)
        {
            hash.AppendData(part);
        }

        return hash.GetHashAndReset();
    }
}
