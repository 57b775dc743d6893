using System.Buffers.Binary;
using Invoicing.Hashing;

namespace Invoicing.Registers.Tlk.Records;

/// <summary>The record hash: SHA-256 of epoch, sequence and the record's bytes. TLK/1 §3.3.</summary>
internal static class RecordHash
{
    private const int KeyLength = 16;

    /// <summary>The bytes that are hashed: epoch u64, seq u64, record.</summary>
    internal static byte[] Hashed(ulong epoch, ulong seq, ReadOnlySpan<byte> record)
    {
        byte[] bytes = new byte[KeyLength + record.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(sizeof(ulong)), seq);
        record.CopyTo(bytes.AsSpan(KeyLength));
        return bytes;
    }

    internal static Sha256Hash Of(ulong epoch, ulong seq, ReadOnlySpan<byte> record) => Sha256Hash.Of(Hashed(epoch, seq, record));
}
