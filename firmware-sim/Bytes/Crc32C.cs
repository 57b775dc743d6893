using System.Buffers.Binary;
using System.Numerics;

namespace FirmwareSim.Bytes;

/// <summary>CRC-32C as TLK/1 §1.1 has it: reflected polynomial 82F63B78, initial value and final XOR FFFFFFFF.</summary>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }
}
