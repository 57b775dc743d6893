using Invoicing.Chain;
using Invoicing.Sales;

namespace Invoicing.Gateway.Recording;

/// <summary>A record as far as it can be worked on before its turn at the journal.</summary>
/// <param name="Key">Register, epoch, sequence, hash.</param>
/// <param name="Entry">What it is to become.</param>
/// <param name="Bytes">The record as it came; empty if it has no bytes.</param>
/// <param name="Attachment">Made beforehand where the entry will need it.</param>
/// <param name="Buyer">Who bought, for beside the entry; <see langword="null"/> if nobody asked to be named.</param>
internal sealed record PreparedRecord(
    RegisterRecordKey Key, IntendedEntry Entry, ReadOnlyMemory<byte> Bytes, EntryAttachment? Attachment, EntryAttachment? Buyer = null)
{
    /// <summary>Code and number that the register printed from its lease; else <see langword="null"/>.</summary>
    public LeasedInvoice? Leased { get; init; }

    /// <summary>When a receipt with a leased code was closed, by the register's clock.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>About how many bytes it adds to a group.</summary>
    public int Size => Bytes.Length + 1024;
}
