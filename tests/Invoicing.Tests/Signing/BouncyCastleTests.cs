using Invoicing.Hashing;
using Invoicing.Signing;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Invoicing.Tests.Signing;

/// <summary>An independent second opinion: what we sign BouncyCastle verifies, and the other way round (design.md 5.8).</summary>
public sealed class BouncyCastleTests
{
    [Fact]
    public void BouncyCastle_verifies_what_we_sign()
    {
        using var ours = SoftwareSigner.Create();
        AsymmetricKeyParameter key = PublicKeyFactory.CreateKey(ours.PublicKey.ToArray());
        for (int i = 0; i < 200; i++)
        {
            var hash = Sha256Hash.Of(BitConverter.GetBytes(i));
            byte[] signature = ours.Sign(hash).ToArray();
            var theirs = new ECDsaSigner();
            theirs.Init(false, key);

            Assert.True(theirs.VerifySignature(hash.ToArray(), new(1, signature[..32]), new(1, signature[32..])));
            Assert.False(theirs.VerifySignature(Sha256Hash.Of("other"u8).ToArray(), new(1, signature[..32]), new(1, signature[32..])));
        }
    }

    [Fact]
    public void We_verify_what_BouncyCastle_signs()
    {
        var generator = new ECKeyPairGenerator();
        generator.Init(new ECKeyGenerationParameters(Org.BouncyCastle.Asn1.Sec.SecObjectIdentifiers.SecP256r1, new SecureRandom()));
        AsymmetricCipherKeyPair pair = generator.GenerateKeyPair();
        using var ours = VerifyingKey.Import(SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(pair.Public).GetDerEncoded());
        for (int i = 0; i < 200; i++)
        {
            var hash = Sha256Hash.Of(BitConverter.GetBytes(i));
            var theirs = new ECDsaSigner();
            theirs.Init(true, pair.Private);
            BigInteger[] rs = theirs.GenerateSignature(hash.ToArray());
            byte[] signature = [.. Fixed(rs[0]), .. Fixed(rs[1])];

            Assert.True(ours.Verify(hash, new(signature)));
            signature[i % 64] ^= 1;
            Assert.False(ours.Verify(hash, new(signature)));
        }
    }

    [Fact]
    public void BouncyCastle_hashes_alike()
    {
        byte[] bytes = new byte[1000];
        for (int length = 0; length < bytes.Length; length += 37)
        {
            var digest = new Org.BouncyCastle.Crypto.Digests.Sha256Digest();
            digest.BlockUpdate(bytes, 0, length);
            byte[] hash = new byte[32];
            digest.DoFinal(hash, 0);

            Assert.Equal(hash, Sha256Hash.Of(bytes.AsSpan(0, length)).ToArray());
        }
    }

    private static byte[] Fixed(BigInteger value)
    {
        byte[] bytes = value.ToByteArrayUnsigned();
        return [.. new byte[32 - bytes.Length], .. bytes];
    }
}
