using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Authority.Feed;

/// <summary>One entry as a follower got it.</summary>
/// <param name="Index">Place in the ledger, from 1.</param>
/// <param name="LedgerTime">Of its commit: UTC, milliseconds since 1970-01-01.</param>
/// <param name="Seller">Tax code.</param>
/// <param name="Device">Name of the device.</param>
/// <param name="Body">The signed bytes.</param>
/// <param name="Hash">Said to be their hash.</param>
/// <param name="Signature">Said to be their signature.</param>
internal sealed record FollowedEntry(
    long Index, long LedgerTime, string Seller, string Device, ReadOnlyMemory<byte> Body, Sha256Hash Hash, EcdsaSignature Signature);
