using Invoicing.Chain;
using Invoicing.Gateway.Journal;

namespace Invoicing.Gateway.Recording;

/// <summary>Bytes beside an entry, and the entry's reference to them.</summary>
/// <param name="Reference">What the entry says of them.</param>
/// <param name="Stored">Salt and bytes.</param>
internal sealed record EntryAttachment(AttachmentReference Reference, StoredAttachment Stored)
{
    /// <summary>A register's record under a fresh salt; <see langword="null"/> if there are no bytes.</summary>
    public static EntryAttachment? OfRecord(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return null;
        }

        var reference = AttachmentReference.Create(AttachmentContentKind.Record, bytes.Span, out byte[] salt);
        return new(reference, new(salt, bytes));
    }
}
