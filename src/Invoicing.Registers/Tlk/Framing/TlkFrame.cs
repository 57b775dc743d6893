using System.Buffers.Binary;

namespace Invoicing.Registers.Tlk.Framing;

/// <summary>One frame's content, and how it looks on the wire. TLK/1 §1.1.</summary>
/// <param name="Type">Message type.</param>
/// <param name="Flags">Flags.</param>
/// <param name="Txn">Transaction, 0 for none.</param>
/// <param name="Payload">TLVs. Not shared with any buffer.</param>
internal sealed record TlkFrame(TlkType Type, TlkFlags Flags, byte Txn, ReadOnlyMemory<byte> Payload)
{
    internal const byte Version = 1;
    internal const int HeadLength = 6;
    internal const int CrcLength = 4;

    /// <summary>Bytes of a body beside its payload.</summary>
    internal const int Overhead = HeadLength + CrcLength;

    internal const int SmallestMaxBody = 512;
    internal const int LargestMaxBody = 4096;

    /// <summary>Largest body until HELLO and WELCOME agree on another.</summary>
    internal const int DefaultMaxBody = 1024;

    /// <summary>The frame with its two delimiters.</summary>
    internal byte[] ToWire()
    {
        int length = Overhead + Payload.Length;
        Span<byte> body = length <= LargestMaxBody ? stackalloc byte[length] : new byte[length];
        body[0] = Version;
        body[1] = (byte)Type;
        body[2] = (byte)Flags;
        body[3] = Txn;
        BinaryPrimitives.WriteUInt16LittleEndian(body[4..], checked((ushort)Payload.Length));
        Payload.Span.CopyTo(body[HeadLength..]);
        BinaryPrimitives.WriteUInt32LittleEndian(body[^CrcLength..], Crc32C.Of(body[..^CrcLength]));

        Span<byte> wire = new byte[Cobs.MaxEncodedLength(length) + 2];
        int coded = Cobs.Encode(body, wire[1..]);
        return wire[..(coded + 2)].ToArray();
    }
}
