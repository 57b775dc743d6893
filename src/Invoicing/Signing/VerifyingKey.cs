using System.Security.Cryptography;
using Invoicing.Hashing;

namespace Invoicing.Signing;

/// <summary>A public key, imported once. Safe for any number of threads.</summary>
/// <remarks>Importing costs as much as two or three verifications, so keep the instance as long as the key is in use.</remarks>
public sealed class VerifyingKey : IDisposable
{
    private readonly ECDsa _key;
    private readonly byte[] _publicKey;

    private VerifyingKey(ECDsa key, ReadOnlySpan<byte> publicKey)
    {
        _key = key;
        _publicKey = publicKey.ToArray();
        KeyId = Sha256Hash.Of(publicKey);
    }

    /// <summary>SHA-256 of the key's SubjectPublicKeyInfo.</summary>
    public Sha256Hash KeyId { get; }

    /// <summary>The key as SubjectPublicKeyInfo (DER).</summary>
    public ReadOnlyMemory<byte> PublicKey => _publicKey;

    /// <summary>Imports a key.</summary>
    /// <param name="publicKey">SubjectPublicKeyInfo (DER) and nothing after it.</param>
    /// <exception cref="CryptographicException">Not a key, not on P-256, or with bytes after it.</exception>
    public static VerifyingKey Import(ReadOnlySpan<byte> publicKey)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(publicKey, out int read);
            if (read != publicKey.Length)
            {
                throw new CryptographicException($"expected a public key of {publicKey.Length} bytes, found {read} and others after it");
            }

            P256.Require(key);
            return new(key, publicKey);
        }
        catch (PlatformNotSupportedException fault)
        {
            // A curve that OpenSSL does not know. The bytes may come from a peer: to callers it is one more key that is none.
            key.Dispose();
            throw new CryptographicException($"expected a key on P-256, found a curve that is not known: {fault.Message}", fault);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Whether a signature over a hash is this key's.</summary>
    public bool Verify(in Sha256Hash hash, in EcdsaSignature signature)
    {
        Span<byte> digest = stackalloc byte[Sha256Hash.Length];
        Span<byte> bytes = stackalloc byte[EcdsaSignature.Length];
        hash.CopyTo(digest);
        signature.CopyTo(bytes);
        return _key.VerifyHash(digest, bytes, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>Releases the native key.</summary>
    public void Dispose() => _key.Dispose();
}
