using Invoicing.Hashing;
using Invoicing.Signing;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Invoicing.WindowsRun;

/// <summary>A key of this process only. Wine's Windows has no ECDSA (NTE_NOT_SUPPORTED), real Windows has.</summary>
internal sealed class BouncyCastleSigner : Invoicing.Signing.ISigner
{
    private readonly ECPrivateKeyParameters _key;
    private readonly byte[] _publicKey;

    public BouncyCastleSigner()
    {
        var generator = new ECKeyPairGenerator();
        generator.Init(new ECKeyGenerationParameters(SecObjectIdentifiers.SecP256r1, new SecureRandom()));
        AsymmetricCipherKeyPair pair = generator.GenerateKeyPair();
        _key = (ECPrivateKeyParameters)pair.Private;
        _publicKey = SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(pair.Public).GetDerEncoded();
        KeyId = Sha256Hash.Of(_publicKey);
    }

    public Sha256Hash KeyId { get; }

    public ReadOnlyMemory<byte> PublicKey => _publicKey;

    public EcdsaSignature Sign(in Sha256Hash hash)
    {
        // One for each signature: the signer of the package is not made for several threads.
        var signer = new ECDsaSigner();
        signer.Init(forSigning: true, _key);
        BigInteger[] rs = signer.GenerateSignature(hash.ToArray());
        return new([.. Fixed(rs[0]), .. Fixed(rs[1])]);
    }

    public void Dispose()
    {
        // Nothing is held but memory.
    }

    private static byte[] Fixed(BigInteger number)
    {
        byte[] bytes = number.ToByteArrayUnsigned();
        return [.. new byte[32 - bytes.Length], .. bytes];
    }
}
