using System.Buffers.Binary;

namespace Invoicing.Registers.Eutron.Framing;

/// <summary>A packet of the TCP dialect: <c>cmd, size, sequence LE16, data[size]</c>.</summary>
/// <param name="Letter">The command, or <see cref="Refused"/>.</param>
/// <param name="Sequence">Number of the packet, or what a request names.</param>
/// <param name="Data">Whole records, one after the other.</param>
internal readonly record struct TcpPacket(byte Letter, ushort Sequence, ReadOnlyMemory<byte> Data)
{
    /// <summary>Bytes before the data.</summary>
    public const int HeaderLength = 4;

    /// <summary>The register's answer while a sale is open.</summary>
    public const byte Refused = (byte)'A';

    /// <summary>The bytes on the wire.</summary>
    public byte[] ToWire()
    {
        byte[] wire = new byte[HeaderLength + Data.Length];
        wire[0] = Letter;
        wire[1] = (byte)Data.Length; // checked: more than 255 bytes throw
        BinaryPrimitives.WriteUInt16LittleEndian(wire.AsSpan(2), Sequence);
        Data.Span.CopyTo(wire.AsSpan(HeaderLength));
        return wire;
    }

    /// <summary>Takes the first packet off bytes that came.</summary>
    /// <param name="bytes">What came; shortened by the packet.</param>
    /// <param name="packet">The packet; its data are a copy.</param>
    /// <returns>Whether a whole one was there.</returns>
    public static bool TryRead(ref ReadOnlySpan<byte> bytes, out TcpPacket packet)
    {
        packet = default;
        if (bytes.Length < HeaderLength || bytes.Length < HeaderLength + bytes[1])
        {
            return false;
        }

        int length = HeaderLength + bytes[1];
        packet = new(bytes[0], BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]), bytes[HeaderLength..length].ToArray());
        bytes = bytes[length..];
        return true;
    }
}
