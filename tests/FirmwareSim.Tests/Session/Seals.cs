using System.Security.Cryptography;
using System.Text;
using FirmwareSim.Bytes;

namespace FirmwareSim.Tests.Session;

/// <summary>Tags as the specification writes them down, made without the code under test.</summary>
internal static class Seals
{
    public static Frame Answer(FrameType type, byte txn, byte[] payload, byte[] pairing, byte[] helloNonce) =>
        Make(type, txn, payload, pairing, [.. Encoding.ASCII.GetBytes("TLK/1 welcome\0"), .. helloNonce]);

    public static Frame InSession(FrameType type, byte txn, byte[] payload, byte[] sessionKey) =>
        Make(type, txn, payload, sessionKey, Encoding.ASCII.GetBytes("TLK/1 frame\0"));

    private static Frame Make(FrameType type, byte txn, byte[] payload, byte[] key, byte[] before)
    {
        int length = payload.Length + 16;
        byte[] tag = HMACSHA256.HashData(key, (byte[])[.. before, 1, (byte)type, 4, txn, (byte)(length & 0xFF), (byte)(length >> 8), .. payload])[..16];
        return new Frame(type, FrameFlags.Sealed, txn, [.. payload, .. tag]);
    }
}
