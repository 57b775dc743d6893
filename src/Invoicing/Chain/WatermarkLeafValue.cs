using Invoicing.Hashing;

namespace Invoicing.Chain;

/// <summary>What one commit says of one chain.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Position">Last position stored.</param>
/// <param name="Hash">Hash of that entry.</param>
/// <param name="SafePosition">Up to here also outside the authority's machine; 0 if nothing is.</param>
public readonly record struct WatermarkLeafValue(ChainId Chain, long Position, Sha256Hash Hash, long SafePosition);
