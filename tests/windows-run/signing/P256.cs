using System.Security.Cryptography;
using Invoicing.Hashing;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;

namespace Invoicing.Signing;

/// <summary>ECDSA over NIST P-256 by BouncyCastle.</summary>
internal static class P256
{
    private const int HalfLength = EcdsaSignature.Length / 2;

    /// <summary>Refuses a key on another curve.</summary>
    /// <exception cref="CryptographicException">The key lies on another curve.</exception>
    public static void Require(AlgorithmIdentifier algorithm)
    {
        if (!algorithm.Algorithm.Equals(X9ObjectIdentifiers.IdECPublicKey) || !SecObjectIdentifiers.SecP256r1.Equals(algorithm.Parameters))
        {
            throw new CryptographicException("expected a key on P-256, found another");
        }
    }

    /// <summary>Signs a hash.</summary>
    public static EcdsaSignature Sign(ECPrivateKeyParameters key, in Sha256Hash hash)
    {
        // One for each signature: the package's signer is not made for several threads.
        var signer = new ECDsaSigner();
        signer.Init(forSigning: true, key);
        BigInteger[] rs = signer.GenerateSignature(hash.ToArray());
        return new([.. Half(rs[0]), .. Half(rs[1])]);
    }

    /// <summary>Whether a signature is the key's.</summary>
    public static bool Verify(ECPublicKeyParameters key, in Sha256Hash hash, in EcdsaSignature signature)
    {
        byte[] bytes = signature.ToArray();
        var verifier = new ECDsaSigner();
        verifier.Init(forSigning: false, key);
        return verifier.VerifySignature(hash.ToArray(), new(1, bytes[..HalfLength]), new(1, bytes[HalfLength..]));
    }

    private static byte[] Half(BigInteger number)
    {
        byte[] bytes = number.ToByteArrayUnsigned();
        return [.. new byte[HalfLength - bytes.Length], .. bytes];
    }
}
