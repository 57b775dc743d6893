using Invoicing.Hashing;

namespace Invoicing.Gateway.Journal;

/// <summary>A key that is not in force any more, and may be removed when the authority has all that it signed.</summary>
/// <param name="Position">The key change that put it out of force: the last entry it signed.</param>
/// <param name="KeyId">SHA-256 of its public key.</param>
/// <param name="Place">Where it lies.</param>
internal sealed record RetiredKey(long Position, Sha256Hash KeyId, string Place);
