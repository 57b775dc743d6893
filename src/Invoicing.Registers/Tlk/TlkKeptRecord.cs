using Invoicing.Registers.Tlk.Records;
using Invoicing.Sales;

namespace Invoicing.Registers.Tlk;

/// <summary>A record that a gateway kept because it could not become an invoice, read again.</summary>
public static class TlkKeptRecord
{
    private const int KeyLength = 16; // epoch and sequence stand before the record in what is hashed and kept (TLK/1 §3.3)

    /// <summary>Reads a kept record.</summary>
    /// <param name="key">Register, epoch, sequence.</param>
    /// <param name="kept">The bytes as they were kept.</param>
    /// <returns>The record; <see langword="null"/> if the bytes are no record of TLK/1.</returns>
    public static RegisterRecord? Read(SaleKey key, ReadOnlyMemory<byte> kept)
    {
        bool isRecord = kept.Length > KeyLength
            && kept.Span[..KeyLength].SequenceEqual(RecordHash.Hashed(key.Epoch, key.Sequence, [])); // of this key, and by this protocol
        return isRecord ? RecordReader.Read(key, kept[KeyLength..], recovered: null) : null;
    }
}
