using System.Buffers.Binary;
using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tests.Tlk;

/// <summary>Bytes that went wrong: as a line does it, or as bad firmware does it under a right checksum.</summary>
internal static class TlkNoise
{
    /// <summary>A wire that is damaged, or whose body is and whose length and checksum are right again.</summary>
    internal static byte[] Wire(byte[] wire, Random random)
    {
        byte[] body = new byte[wire.Length];
        int length = wire.Length < 3 ? -1 : Cobs.Decode(wire.AsSpan(1..^1), body);
        if (length < TlkFrame.Overhead || random.Next(3) == 0)
        {
            return ByteNoise.Mutate(wire, random);
        }

        byte[] payload = ByteNoise.Mutate(body[TlkFrame.HeadLength..(length - TlkFrame.CrcLength)], random);
        byte[] made = [.. body.AsSpan(0, TlkFrame.HeadLength), .. payload, 0, 0, 0, 0];
        if (random.Next(8) == 0)
        {
            made[random.Next(4)] = (byte)random.Next(256);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(made.AsSpan(4), (ushort)payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(made.AsSpan(made.Length - TlkFrame.CrcLength), Crc32C.Of(made.AsSpan(0, made.Length - TlkFrame.CrcLength)));
        byte[] coded = new byte[Cobs.MaxEncodedLength(made.Length)];
        return [0, .. coded.AsSpan(0, Cobs.Encode(made, coded)), 0];
    }
}
