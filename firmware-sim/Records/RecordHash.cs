using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FirmwareSim.Records;

/// <summary>SHA-256( epoch u64 ‖ seq u64 ‖ record bytes ), TLK/1 §3.3.</summary>
internal static class RecordHash
{
    public const int Length = 32;

    public static byte[] Of(ulong epoch, ulong seq, ReadOnlySpan<byte> record)
    {
        Span<byte> head = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(head, epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(head[8..], seq);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        hash.AppendData(record);
        return hash.GetHashAndReset();
    }
}
