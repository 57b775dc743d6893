using Invoicing.Hashing;

namespace Invoicing.Gateway;

/// <summary>What a rotation did: the chain goes on under another key.</summary>
/// <param name="Position">The key change: the last entry of the old key, which proves the new one.</param>
/// <param name="Before">Id of the old key.</param>
/// <param name="Id">Id of the new key.</param>
/// <param name="Location">Where the new key lies; <see langword="null"/> where only the embedding program knows.</param>
public sealed record KeyRotation(long Position, Sha256Hash Before, Sha256Hash Id, string? Location);
