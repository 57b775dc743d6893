using Invoicing.Hashing;

namespace Invoicing.Chain;

/// <summary>What every entry states before its content.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Position">Place in the chain, from 1.</param>
/// <param name="PreviousHash">Hash of the entry before; at position 1 of the enrolment record.</param>
/// <param name="RecordedAt">Device time, UTC, milliseconds since 1970-01-01.</param>
/// <param name="KeyId">Key in force.</param>
/// <param name="Anchor">Newest verified watermark; none before the first.</param>
internal readonly record struct EntryHeader(
    ChainId Chain, long Position, Sha256Hash PreviousHash, long RecordedAt, Sha256Hash KeyId, Anchor? Anchor)
{
    /// <summary>Room that any header, the content's tag and its length need.</summary>
    public const int MaxLength = 176;

    /// <summary>Writes a whole body: the header's fields before the content, as protobuf would.</summary>
    public byte[] ToBody(EntryContent content)
    {
        Span<byte> header = stackalloc byte[MaxLength];
        Span<byte> bytes = stackalloc byte[Sha256Hash.Length];
        var writer = new WireWriter(header);
        writer.WriteVarintField(1, EntryFields.Format1);
        Chain.CopyTo(bytes);
        writer.WriteBytesField(2, bytes[..ChainId.Length]);
        writer.WriteVarintField(3, (ulong)Position);
        PreviousHash.CopyTo(bytes);
        writer.WriteBytesField(4, bytes);
        writer.WriteVarintField(5, unchecked((ulong)RecordedAt));
        KeyId.CopyTo(bytes);
        writer.WriteBytesField(6, bytes);
        if (Anchor is { } anchor)
        {
            Span<byte> inner = stackalloc byte[64];
            var nested = new WireWriter(inner);
            anchor.WatermarkHash.CopyTo(bytes);
            nested.WriteBytesField(1, bytes);
            nested.WriteVarintField(2, unchecked((ulong)anchor.LedgerTime));
            writer.WriteBytesField(7, inner[..nested.Length]);
        }

        writer.WriteVarint(((ulong)content.Kind << 3) | WireReader.Bytes);
        writer.WriteVarint((ulong)content.Bytes.Length);
        byte[] body = new byte[writer.Length + content.Bytes.Length];
        header[..writer.Length].CopyTo(body);
        content.Bytes.Span.CopyTo(body.AsSpan(writer.Length));
        return body;
    }
}
