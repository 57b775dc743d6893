using Invoicing.Hashing;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Invoicing.Signing;

/// <summary>A private key in memory, as src/Invoicing/Signing has it.</summary>
public sealed class SoftwareSigner : ISigner
{
    private readonly ECPrivateKeyParameters _key;
    private readonly byte[] _publicKey;

    private SoftwareSigner(ECPrivateKeyParameters key)
    {
        _key = key;
        var open = new ECPublicKeyParameters("ECDSA", key.Parameters.G.Multiply(key.D).Normalize(), SecObjectIdentifiers.SecP256r1);
        _publicKey = SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(open).GetDerEncoded();
        KeyId = Sha256Hash.Of(_publicKey);
    }

    public Sha256Hash KeyId { get; }

    public ReadOnlyMemory<byte> PublicKey => _publicKey;

    public static SoftwareSigner Create()
    {
        var generator = new ECKeyPairGenerator("ECDSA");
        generator.Init(new ECKeyGenerationParameters(SecObjectIdentifiers.SecP256r1, new SecureRandom()));
        AsymmetricCipherKeyPair pair = generator.GenerateKeyPair();
        return new((ECPrivateKeyParameters)pair.Private);
    }

    public static SoftwareSigner Import(ReadOnlySpan<byte> pkcs8)
    {
        var form = PrivateKeyInfo.GetInstance(Org.BouncyCastle.Asn1.Asn1Object.FromByteArray(pkcs8.ToArray()));
        P256.Require(form.PrivateKeyAlgorithm);
        return new((ECPrivateKeyParameters)PrivateKeyFactory.CreateKey(form));
    }

    public byte[] Export() => PrivateKeyInfoFactory.CreatePrivateKeyInfo(_key).GetDerEncoded();

    public EcdsaSignature Sign(in Sha256Hash hash) => P256.Sign(_key, hash);

    public void Dispose()
    {
        // Nothing but memory.
    }
}
