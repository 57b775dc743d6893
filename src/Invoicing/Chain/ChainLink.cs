using Invoicing.Hashing;

namespace Invoicing.Chain;

/// <summary>A place in a chain and what stands there: how a successor names where its predecessor ended.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Position">Last position known of it.</param>
/// <param name="Hash">Hash of that entry.</param>
public sealed record ChainLink(ChainId Chain, long Position, Sha256Hash Hash);
