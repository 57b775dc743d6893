using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Sales;

namespace Invoicing.Gateway.Recording;

/// <summary>Bytes beside an entry, and the entry's reference to them.</summary>
/// <param name="Reference">What the entry says of them.</param>
/// <param name="Stored">Salt and bytes.</param>
internal sealed record EntryAttachment(AttachmentReference Reference, StoredAttachment Stored)
{
    /// <summary>Most bytes of buyer data: ten texts of the law's lengths are 5 KiB, and one at fault is kept as it came.</summary>
    public const int MaxBuyer = 64 * 1024;

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

    /// <summary>Buyer data under a fresh salt; <see langword="null"/> if nothing is stated of the buyer.</summary>
    /// <exception cref="ArgumentException">More than <see cref="MaxBuyer"/> bytes.</exception>
    public static EntryAttachment? OfBuyer(Buyer? buyer)
    {
        if (buyer is null)
        {
            return null;
        }

        byte[] bytes = BuyerContents.From(buyer);
        if (bytes.Length > MaxBuyer)
        {
            throw new ArgumentException($"expected a buyer of at most {MaxBuyer} bytes, found {bytes.Length}", nameof(buyer));
        }

        if (bytes.Length == 0)
        {
            return null;
        }

        var reference = AttachmentReference.Create(AttachmentContentKind.Buyer, bytes, out byte[] salt);
        return new(reference, new(salt, bytes));
    }
}
