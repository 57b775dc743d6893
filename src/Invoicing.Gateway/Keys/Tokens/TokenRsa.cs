using System.Security.Cryptography;
using Invoicing.Signing;

namespace Invoicing.Gateway.Keys.Tokens;

/// <summary>An RSA key on a token: signs SHA-256 hashes by PKCS#1 v1.5, which is all that the authority's messages ask for.</summary>
internal sealed class TokenRsa : RSA
{
    private readonly HostedKey _key;
    private readonly RSAParameters _open;

    public TokenRsa(HostedKey key)
    {
        using RSA open = Create();
        open.ImportSubjectPublicKeyInfo(key.PublicKey, out _);
        _key = key;
        _open = open.ExportParameters(includePrivateParameters: false);
        KeySizeValue = open.KeySize;
        LegalKeySizesValue = [new KeySizes(open.KeySize, open.KeySize, 0)];
    }

    public override byte[] SignHash(byte[] hash, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)
    {
        if (hashAlgorithm != HashAlgorithmName.SHA256 || padding != RSASignaturePadding.Pkcs1 || hash.Length != SHA256.HashSizeInBytes)
        {
            throw new CryptographicException($"expected a SHA-256 hash to be signed by PKCS#1 v1.5, found {hashAlgorithm} and {padding}");
        }

        try
        {
            return _key.Sign(hash)[0];
        }
        catch (SignerUnavailableException fault)
        {
            throw new CryptographicException(fault.Message, fault);
        }
    }

    public override RSAParameters ExportParameters(bool includePrivateParameters) => includePrivateParameters
        ? throw new CryptographicException("expected a key that can be copied, found one on a token")
        : _open;

    public override void ImportParameters(RSAParameters parameters) => throw new CryptographicException("a key on a token cannot be replaced by another");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _key.Dispose();
        }

        base.Dispose(disposing);
    }
}
