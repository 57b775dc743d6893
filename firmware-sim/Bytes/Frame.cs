using System.Buffers.Binary;

namespace FirmwareSim.Bytes;

/// <summary>One frame whose CRC was right: <c>ver | type | flags | txn | len | payload | crc</c>, TLK/1 §1.1.</summary>
/// <remarks>The type is kept as received: a frame of an unknown type can still ask to be understood.</remarks>
internal readonly record struct Frame(FrameType Type, FrameFlags Flags, byte Txn, byte[] Payload)
{
    /// <summary>The protocol version that this program speaks.</summary>
    public const byte Version = 1;

    /// <summary>Bytes of a body around its payload: six in front, the CRC behind.</summary>
    public const int Overhead = 10;

    /// <summary>Largest body until HELLO and WELCOME agree on another one.</summary>
    public const int DefaultMaxBody = 1024;

    private const int Head = 6;

    /// <summary>The frame as it runs over the line, with the 00 in front and behind.</summary>
    public byte[] ToWire() => Encode(Type, Flags, Txn, Payload);

    public static byte[] Encode(FrameType type, FrameFlags flags, byte txn, ReadOnlySpan<byte> payload)
    {
        byte[] body = new byte[Overhead + payload.Length];
        body[0] = Version;
        body[1] = (byte)type;
        body[2] = (byte)flags;
        body[3] = txn;
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(4), checked((ushort)payload.Length));
        payload.CopyTo(body.AsSpan(Head));
        int end = Head + payload.Length;
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(end), Crc32C.Of(body.AsSpan(0, end)));
        byte[] wire = new byte[Cobs.MaxCoded(body.Length) + 3];
        int coded = Cobs.Encode(body, wire.AsSpan(1));
        return wire[..(coded + 2)];
    }
}
