using System.Numerics;
using System.Runtime.InteropServices;

namespace Invoicing.Registers.Tlk.Framing;

/// <summary>CRC-32C (Castagnoli): polynomial 1EDC6F41 reflected, initial value and final XOR FFFFFFFF. TLK/1 §1.1.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of bytes; E3069283 for <c>123456789</c>.</summary>
    internal static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            ulong eight = MemoryMarshal.Read<ulong>(bytes);
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? eight : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(eight));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return ~crc;
    }
}
