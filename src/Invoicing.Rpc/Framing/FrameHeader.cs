using System.Buffers;
using System.Buffers.Binary;

namespace Grpc.Shared;

/// <summary>The five bytes before each message: Compressed-Flag (0 or 1), Message-Length (4 bytes, big-endian).</summary>
internal static class FrameHeader
{
    public const int Size = 5;

    public static void Write(IBufferWriter<byte> target, int length, bool compressed)
    {
        Span<byte> header = target.GetSpan(Size);
        header[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], length);
        target.Advance(Size);
    }

    /// <summary>False while fewer than five bytes are there.</summary>
    /// <exception cref="InvalidDataException">The flag is neither 0 nor 1.</exception>
    public static bool TryRead(in ReadOnlySequence<byte> buffer, out bool compressed, out uint length)
    {
        if (buffer.FirstSpan.Length >= Size)
        {
            Read(buffer.FirstSpan, out compressed, out length);
            return true;
        }

        if (buffer.Length < Size)
        {
            compressed = false;
            length = 0;
            return false;
        }

        Span<byte> header = stackalloc byte[Size];
        buffer.Slice(0, Size).CopyTo(header);
        Read(header, out compressed, out length);
        return true;
    }

    private static void Read(ReadOnlySpan<byte> header, out bool compressed, out uint length)
    {
        compressed = header[0] switch
        {
            0 => false,
            1 => true,
            _ => throw new InvalidDataException("Unexpected compressed flag value in message header."),
        };
        length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
    }
}
