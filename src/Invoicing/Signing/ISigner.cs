using Invoicing.Hashing;

namespace Invoicing.Signing;

/// <summary>A private signing key, wherever it is kept. Safe for any number of threads.</summary>
public interface ISigner : IDisposable
{
    /// <summary>SHA-256 of <see cref="PublicKey"/>.</summary>
    Sha256Hash KeyId { get; }

    /// <summary>The public key as SubjectPublicKeyInfo (DER).</summary>
    ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Signs a SHA-256 hash.</summary>
    /// <param name="hash">The hash of what is signed, its prefix included.</param>
    /// <exception cref="SignerUnavailableException">The key cannot be reached: a token was pulled out, a provider failed.</exception>
    EcdsaSignature Sign(in Sha256Hash hash);
}
