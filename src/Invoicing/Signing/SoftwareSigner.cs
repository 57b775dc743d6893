using System.Security.Cryptography;
using Invoicing.Hashing;

namespace Invoicing.Signing;

/// <summary>An ECDSA P-256 key held in this process's memory.</summary>
/// <remarks>
/// One instance serves all threads: measured as fast as one instance per thread (spec: 17,000 signatures a second and core).
/// Source: design.md 5.1 and 5.8.
/// </remarks>
public sealed class SoftwareSigner : ISigner
{
    private readonly ECDsa _key;
    private readonly byte[] _publicKey;

    private SoftwareSigner(ECDsa key)
    {
        _key = key;
        _publicKey = key.ExportSubjectPublicKeyInfo();
        KeyId = Sha256Hash.Of(_publicKey);
    }

    /// <inheritdoc/>
    public Sha256Hash KeyId { get; }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> PublicKey => _publicKey;

    /// <summary>Makes a new key.</summary>
    public static SoftwareSigner Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads a key from PKCS#8 (DER).</summary>
    /// <exception cref="CryptographicException">Not PKCS#8, or not a P-256 key.</exception>
    public static SoftwareSigner Import(ReadOnlySpan<byte> pkcs8)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out _);
            P256.Require(key);
            return new(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>The private key as PKCS#8 (DER). The caller keeps it secret.</summary>
    public byte[] Export() => _key.ExportPkcs8PrivateKey();

    /// <inheritdoc/>
    public EcdsaSignature Sign(in Sha256Hash hash)
    {
        Span<byte> digest = stackalloc byte[Sha256Hash.Length];
        Span<byte> signature = stackalloc byte[EcdsaSignature.Length];
        hash.CopyTo(digest);
        if (!_key.TrySignHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out int written)
            || written != EcdsaSignature.Length)
        {
            throw new CryptographicException($"expected a signature of {EcdsaSignature.Length} bytes, found {written}");
        }

        return new(signature);
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose() => _key.Dispose();
}
