using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Invoicing.Gateway.Keys;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Keys;

/// <summary>A seller's RSA key on a token, with its certificate beside it.</summary>
public sealed class CertificateKeyTests
{
    [Fact]
    public void It_signs_where_it_lies_and_its_certificate_verifies()
    {
        using TokenLab lab = new();
        using var folder = new TempFolder();
        lab.Tool("--keypairgen", "--key-type", "rsa:2048", "--label", "seller", "--id", "0a");
        KeyLocation place = TokenKeys.At("seller");
        InvoicingException missing = Assert.Throws<InvoicingException>(() => CertificateKey.Open(place, null, TokenKeys.Options(lab), TimeProvider.System));
        Assert.Contains("expected the certificate beside the key on the token, found none", missing.Message, StringComparison.Ordinal);

        string path = folder.File("seller.cer");
        File.WriteAllBytes(path, Certify(lab, place, folder));
        using (var apart = CertificateKey.Open(place, path, TokenKeys.Options(lab), TimeProvider.System))
        {
            Require(apart);
        }

        lab.Tool("--write-object", path, "--type", "cert", "--label", "seller", "--id", "0a");
        using var beside = CertificateKey.Open(place, null, TokenKeys.Options(lab), TimeProvider.System);
        Require(beside);
        Assert.Throws<CryptographicException>(() => beside.Rsa.ExportParameters(includePrivateParameters: true));
        Assert.Throws<CryptographicException>(() => beside.Rsa.SignHash(new byte[20], HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1));

        lab.Set("gone", isOn: true);
        CryptographicException gone = Assert.Throws<CryptographicException>(() => beside.Rsa.SignHash(new byte[32], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Contains("put it back", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_on_a_curve_and_a_file_are_refused()
    {
        using TokenLab lab = new();
        lab.Tool("--keypairgen", "--key-type", "EC:prime256v1", "--label", "sign", "--id", "01");

        InvoicingException curve = Assert.Throws<InvoicingException>(() => CertificateKey.Open(TokenKeys.At(), null, TokenKeys.Options(lab), TimeProvider.System));
        Assert.Contains("expected an RSA key", curve.Message, StringComparison.Ordinal);
        InvoicingException file = Assert.Throws<InvoicingException>(
            () => CertificateKey.Open(KeyLocation.Parse("file:/x", "/"), null, TokenKeys.Options(lab), TimeProvider.System));
        Assert.Contains("found another location", file.Message, StringComparison.Ordinal);
    }

    private static void Require(CertificateKey key)
    {
        byte[] hash = SHA256.HashData([1, 2, 3]);
        byte[] signature = key.Rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using RSA? stated = key.Certificate.GetRSAPublicKey();
        Assert.True(stated!.VerifyHash(hash, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    /// <summary>A certificate that an authority of the test makes of the key's public half.</summary>
    private static byte[] Certify(TokenLab lab, KeyLocation place, TempFolder folder)
    {
        lab.Tool("--read-object", "--type", "pubkey", "--label", "seller", "--output-file", folder.File("seller.pub"));
        using var open = RSA.Create();
        open.ImportSubjectPublicKeyInfo(File.ReadAllBytes(folder.File("seller.pub")), out _);
        using var ca = RSA.Create(2048);
        var issuer = new X500DistinguishedName($"CN=CA of {place.Kind}");
        var request = new CertificateRequest("CN=Seller", open, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.Create(
            issuer, X509SignatureGenerator.CreateForRSA(ca, RSASignaturePadding.Pkcs1), now.AddDays(-1), now.AddDays(1), [1, 2, 3]);
        return certificate.RawData;
    }
}
