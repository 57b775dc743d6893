using Invoicing.Hashing;

namespace Invoicing.Chain;

/// <summary>What a verified watermark says: entries 1 to <paramref name="Position"/> of the chain are stored at the authority.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Position">Last position stored.</param>
/// <param name="Hash">Hash of that entry.</param>
/// <param name="SafePosition">Up to here also outside the authority's machine.</param>
/// <param name="Anchor">Hash of the signed root and its ledger time, to be named by entries that follow.</param>
/// <param name="KeyId">Key that signed.</param>
public sealed record Watermark(
    ChainId Chain, long Position, Sha256Hash Hash, long SafePosition, Anchor Anchor, Sha256Hash KeyId);
