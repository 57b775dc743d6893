using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Sales;

namespace Invoicing.Gateway.Recording;

/// <summary>Bytes beside an entry, and the entry's reference to them.</summary>
/// <param name="Reference">What the entry says of them.</param>
/// <param name="Stored">Salt and bytes.</param>
internal sealed record EntryAttachment(AttachmentReference Reference, StoredAttachment Stored)
{
    /// <summary>Buyer data under a fresh salt.</summary>
    public static EntryAttachment OfBuyer(Buyer buyer)
    {
        byte[] bytes = BuyerContents.From(buyer);
        var reference = AttachmentReference.Create(AttachmentContentKind.Buyer, bytes, out byte[] salt);
        return new(reference, new(salt, bytes));
    }

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
