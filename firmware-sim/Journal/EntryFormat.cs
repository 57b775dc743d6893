using System.Buffers.Binary;
using FirmwareSim.Bytes;

namespace FirmwareSim.Journal;

/// <summary>
/// The bytes of an entry: <c>mark u32 | kind u8 | length u32 | body | CRC-32C u32 (kind..body) | commit u32</c>, little-endian.
/// </summary>
/// <remarks>An entry counts only with its commit mark behind a right CRC; the mark is the last thing that a write brings to the disk's file.</remarks>
internal static class EntryFormat
{
    /// <summary>Bytes in front of the body.</summary>
    public const int Head = 9;

    /// <summary>Bytes behind the body.</summary>
    public const int Tail = 8;

    /// <summary>Longest body: the longest record and its few fields, with room to spare.</summary>
    public const int MostBody = 32 * 1024;

    private const uint StartMark = 0x4A4B_4C54;
    private const uint CommitMark = 0x454E_4F44;

    public static byte[] Write(EntryKind kind, ReadOnlySpan<byte> body)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, MostBody, nameof(body));
        byte[] bytes = new byte[Head + body.Length + Tail];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, StartMark);
        bytes[4] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(5), body.Length);
        body.CopyTo(bytes.AsSpan(Head));
        uint crc = Crc32C.Of(bytes.AsSpan(4, Head - 4 + body.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(Head + body.Length), crc);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(Head + body.Length + 4), CommitMark);
        return bytes;
    }

    /// <summary>Reads the entry that starts at <paramref name="at"/>, if there is a committed one.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> file, int at, out Entry entry)
    {
        entry = default;
        ReadOnlySpan<byte> bytes = file.Span[at..];
        if (bytes.Length < Head + Tail || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != StartMark)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[5..]);
        if (length < 0 || length > MostBody || length > bytes.Length - Head - Tail)
        {
            return false;
        }

        ReadOnlySpan<byte> tail = bytes.Slice(Head + length, Tail);
        if (BinaryPrimitives.ReadUInt32LittleEndian(tail) != Crc32C.Of(bytes.Slice(4, Head - 4 + length))
            || BinaryPrimitives.ReadUInt32LittleEndian(tail[4..]) != CommitMark)
        {
            return false;
        }

        entry = new Entry((EntryKind)bytes[4], at + Head, file.Slice(at + Head, length));
        return true;
    }

    /// <summary>Did a write of this kind begin here, whether or not it came to its end?</summary>
    public static bool Begins(ReadOnlySpan<byte> torn, EntryKind kind) =>
        torn.Length > 4 && BinaryPrimitives.ReadUInt32LittleEndian(torn) == StartMark && torn[4] == (byte)kind;
}
