using System.Security.Cryptography;

namespace Invoicing.Gateway.Keys;

/// <summary>Seals private keys (P-256, PKCS#8) with a secret, in the standard form that <c>openssl pkcs8</c> opens.</summary>
/// <remarks>
/// EncryptedPrivateKeyInfo with PBES2: AES-256-CBC under a key from PBKDF2-HMAC-SHA-256 with a salt of its own. The secret is read anew for each
/// use and wiped after it, so that nothing but the key itself stays in memory. Sources: RFC 5958, RFC 8018.
/// </remarks>
/// <param name="secretPath">File with the secret.</param>
internal sealed class KeySeal(string secretPath)
{
    /// <summary>
    /// What OWASP's password storage cheat sheet asks of PBKDF2-HMAC-SHA-256 (2023): a person may have chosen the secret. Some 200 ms, paid once
    /// at each start.
    /// </summary>
    public const int Iterations = 600_000;

    /// <summary>Fewest bytes of a secret: shorter ones are guessed whatever the iterations.</summary>
    public const int MinSecret = 12;

    /// <summary>The seal that options ask for; <see langword="null"/>: none.</summary>
    public static KeySeal? Of(KeyOptions options) => options.SecretPath is { } path ? new(path) : null;

    /// <summary>Seals a key.</summary>
    /// <param name="pkcs8">PrivateKeyInfo (DER) of a P-256 key.</param>
    /// <returns>EncryptedPrivateKeyInfo (DER).</returns>
    /// <exception cref="InvoicingException">The secret cannot be read.</exception>
    public byte[] Seal(ReadOnlySpan<byte> pkcs8)
    {
        byte[] secret = SecretFile.Read(secretPath, "secret", MinSecret);
        try
        {
            using var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(pkcs8, out _);
            return key.ExportEncryptedPkcs8PrivateKey(secret, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, Iterations));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Opens a sealed key. The caller wipes what it gets.</summary>
    /// <param name="encrypted">EncryptedPrivateKeyInfo (DER).</param>
    /// <param name="path">Where it was read, for people.</param>
    /// <returns>PrivateKeyInfo (DER).</returns>
    /// <exception cref="InvoicingException">The secret is another, or cannot be read.</exception>
    public byte[] Unseal(ReadOnlySpan<byte> encrypted, string path)
    {
        byte[] secret = SecretFile.Read(secretPath, "secret", MinSecret);
        try
        {
            using var key = ECDsa.Create();
            key.ImportEncryptedPkcs8PrivateKey(secret, encrypted, out _);
            return key.ExportPkcs8PrivateKey();
        }
        catch (CryptographicException fault)
        {
            throw new InvoicingException(
                $"{path}: expected a key that was sealed with the secret in {secretPath}, found one sealed with another, or a damaged file; put the right secret back",
                innerException: fault);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
