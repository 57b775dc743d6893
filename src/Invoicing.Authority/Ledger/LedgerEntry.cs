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
