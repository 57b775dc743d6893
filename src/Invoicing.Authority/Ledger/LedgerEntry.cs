using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Authority.Ledger;

/// <summary>One stored entry as readers see it.</summary>
/// <param name="Index">Place in the ledger, from 1, without gaps.</param>
/// <param name="LedgerTime">Time of its commit, UTC, milliseconds since 1970-01-01.</param>
/// <param name="Chain">Its chain.</param>
/// <param name="Position">Place in the chain.</param>
/// <param name="Seller">Tax code of the seller.</param>
/// <param name="Device">Name of the device.</param>
/// <param name="Body">The signed bytes.</param>
/// <param name="Signature">Signature over them.</param>
/// <param name="Hash">Their hash.</param>
internal sealed record LedgerEntry(
    long Index, long LedgerTime, ChainId Chain, long Position, string Seller, string Device, ReadOnlyMemory<byte> Body,
    EcdsaSignature Signature, Sha256Hash Hash);

/// <summary>One stored commit.</summary>
/// <param name="LastIndex">Index of its last entry.</param>
/// <param name="LedgerTime">Its time.</param>
/// <param name="Root">WatermarkRoot as signed.</param>
/// <param name="Signature">Signature over it.</param>
/// <param name="Leaves">All leaves, one per chain, in the order of the chains' first entries in the commit.</param>
internal sealed record LedgerCommit(
    long LastIndex, long LedgerTime, ReadOnlyMemory<byte> Root, EcdsaSignature Signature, IReadOnlyList<ReadOnlyMemory<byte>> Leaves);

/// <summary>A verdict as stored.</summary>
/// <param name="Number">From 1, contiguous per chain.</param>
/// <param name="Position">The entry judged.</param>
/// <param name="Statement">Body and signature.</param>
internal sealed record StoredVerdict(long Number, long Position, SignedVerdict Statement);
