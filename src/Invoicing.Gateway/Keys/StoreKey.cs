using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Gateway.Keys;

/// <summary>A key of Windows' certificate store (CNG): it may lie in a TPM or on a smart card, and never leaves it.</summary>
internal sealed class StoreKey : ISigner
{
    private readonly ECDsa _key;
    private readonly byte[] _publicKey;
    private readonly string _place;

    private StoreKey(ECDsa key, string place)
    {
        _key = key;
        _place = place;
        _publicKey = key.ExportSubjectPublicKeyInfo();
        VerifyingKey.Import(_publicKey).Dispose(); // refuses another curve
        KeyId = Sha256Hash.Of(_publicKey);
    }

    public Sha256Hash KeyId { get; }

    public ReadOnlyMemory<byte> PublicKey => _publicKey;

    /// <summary>Opens the P-256 key of a certificate.</summary>
    /// <exception cref="InvoicingException">Not Windows, no such certificate, or one without such a key.</exception>
    public static StoreKey Open(KeyLocation.InStore location)
    {
        using X509Certificate2 certificate = Find(location);
        try
        {
            return certificate.GetECDsaPrivateKey() is { } key
                ? new(key, location.ToString())
                : throw new InvoicingException($"{location}: expected a certificate with a private P-256 key, found one without");
        }
        catch (CryptographicException fault)
        {
            throw new InvoicingException($"{location}: expected a private P-256 key that can be used, found none: {fault.Message}", innerException: fault);
        }
    }

    /// <summary>Finds a certificate. The caller disposes of it.</summary>
    /// <exception cref="InvoicingException">Not Windows, or no such certificate.</exception>
    public static X509Certificate2 Find(KeyLocation.InStore location)
    {
        if (!OperatingSystem.IsWindows())
        {
            throw new InvoicingException($"{location}: expected Windows for a key at 'store:', found another system; use 'file:' or 'pkcs11:'");
        }

        try
        {
            using var store = new X509Store(location.Name, Enum.Parse<StoreLocation>(location.Place));
            store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
            HashAlgorithmName hash = location.Thumbprint.Length == 40 ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;
            X509Certificate2Collection found = store.Certificates.FindByThumbprint(hash, location.Thumbprint);
            return found.Count > 0
                ? found[0]
                : throw new InvoicingException($"{location}: expected a certificate of this thumbprint, found none; look with certmgr.msc");
        }
        catch (CryptographicException fault)
        {
            throw new InvoicingException($"{location}: expected a store that this user can read, found none: {fault.Message}", innerException: fault);
        }
    }

    public EcdsaSignature Sign(in Sha256Hash hash)
    {
        try
        {
            return new(_key.SignHash(hash.ToArray(), DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        }
        catch (CryptographicException fault)
        {
            throw new SignerUnavailableException($"{_place}: the key does not sign: {fault.Message}; see whether its card is there", fault);
        }
    }

    public void Dispose() => _key.Dispose();
}
