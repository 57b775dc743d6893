using System.Security.Cryptography;
using Invoicing.Hashing;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace Invoicing.Signing;

/// <summary>A public key, as src/Invoicing/Signing has it.</summary>
public sealed class VerifyingKey : IDisposable
{
    private readonly ECPublicKeyParameters _key;
    private readonly byte[] _publicKey;

    private VerifyingKey(ECPublicKeyParameters key, ReadOnlySpan<byte> publicKey)
    {
        _key = key;
        _publicKey = publicKey.ToArray();
        KeyId = Sha256Hash.Of(publicKey);
    }

    public Sha256Hash KeyId { get; }

    public ReadOnlyMemory<byte> PublicKey => _publicKey;

    public static VerifyingKey Import(ReadOnlySpan<byte> publicKey)
    {
        try
        {
            var form = SubjectPublicKeyInfo.GetInstance(Asn1Object.FromByteArray(publicKey.ToArray()));
            P256.Require(form.AlgorithmID);
            return new((ECPublicKeyParameters)PublicKeyFactory.CreateKey(form), publicKey);
        }
        catch (Exception fault) when (fault is IOException or ArgumentException or Org.BouncyCastle.Security.SecurityUtilityException)
        {
            throw new CryptographicException($"expected a public key: {fault.Message}", fault);
        }
    }

    public bool Verify(in Sha256Hash hash, in EcdsaSignature signature) => P256.Verify(_key, hash, signature);

    public void Dispose()
    {
        // Nothing but memory.
    }
}
