using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Chain;

/// <summary>An entry placed in its chain and hashed, whose signature is still to be made.</summary>
/// <param name="Position">Place in the chain.</param>
/// <param name="Kind">What it states.</param>
/// <param name="Body">The bytes to be signed.</param>
/// <param name="Hash">Their hash.</param>
public readonly record struct UnsignedEntry(long Position, EntryKind Kind, ReadOnlyMemory<byte> Body, Sha256Hash Hash)
{
    /// <summary>Signs.</summary>
    /// <exception cref="SignerUnavailableException">The key cannot be used now.</exception>
    public SignedEntry Sign(ISigner signer)
    {
        ArgumentNullException.ThrowIfNull(signer);
        return new(Position, Kind, Body, Hash, signer.Sign(Hash));
    }
}
