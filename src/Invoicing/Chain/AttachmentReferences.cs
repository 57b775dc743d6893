using Invoicing.Hashing;
using Invoicing.Protos.V1;

namespace Invoicing.Chain;

/// <summary>What a content says of the bytes that travel beside it.</summary>
public static class AttachmentReferences
{
    /// <summary>Most references of one entry. Source: <c>entry.proto</c>.</summary>
    public const int MaxCount = 8;

    /// <summary>Reads the references of a content, in their order.</summary>
    /// <param name="kind">What the entry states.</param>
    /// <param name="content">The content message, canonical.</param>
    /// <returns>Empty where there are none, or where one of them is no reference: such bytes match nothing.</returns>
    public static IReadOnlyList<AttachmentReference> Read(EntryKind kind, ReadOnlySpan<byte> content)
    {
        if (kind == EntryKind.Correction && Nested(content) is { IsEmpty: false } invoice)
        {
            return Read(EntryKind.Invoice, invoice); // of a notice they stand in the correction itself
        }

        int wanted = kind switch
        {
            EntryKind.Invoice => 19,
            EntryKind.Correction => 11,
            EntryKind.DayClose => 9,
            EntryKind.RegisterEvent => 8,
            EntryKind.Hole => 5,
            EntryKind.Conflict => 4,
            _ => 0,
        };
        var found = new List<AttachmentReference>();
        var reader = new WireReader(content);
        while (wanted > 0 && !reader.IsAtEnd && reader.TryReadTag(out int field, out int wireType))
        {
            if (field == wanted && wireType == WireReader.Bytes && reader.TryReadBytes(out ReadOnlySpan<byte> bytes))
            {
                AttachmentRef reference = AttachmentRef.Parser.ParseFrom(bytes);
                if (reference.Commitment.Length != Sha256Hash.Length || reference.Length > AttachmentReference.MaxLength
                    || found.Count == MaxCount)
                {
                    return [];
                }

                found.Add(new((AttachmentContentKind)reference.Kind, (long)reference.Length, new(reference.Commitment.Span)));
            }
            else if (!reader.TrySkip(wireType))
            {
                return [];
            }
        }

        return found;
    }

    private static ReadOnlySpan<byte> Nested(ReadOnlySpan<byte> correction)
    {
        const int Invoice = 5;
        var reader = new WireReader(correction);
        while (!reader.IsAtEnd && reader.TryReadTag(out int field, out int wireType))
        {
            if (field == Invoice && wireType == WireReader.Bytes)
            {
                return reader.TryReadBytes(out ReadOnlySpan<byte> bytes) ? bytes : [];
            }

            if (!reader.TrySkip(wireType))
            {
                return [];
            }
        }

        return [];
    }
}
