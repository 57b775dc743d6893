using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Invoicing.Invoices;
using Invoicing.NationalXml.Signatures;

namespace Invoicing.NationalXml.Tests;

/// <summary>A seller with a certificate as Vietnam's sellers have it, issued by a root of its own.</summary>
public sealed class TestSeller : IDisposable
{
    public const string TaxCodeText = "0107001729";

    private readonly RSA _rootKey = RSA.Create(2048);

    /// <summary>For a class of tests that share one.</summary>
    public TestSeller()
        : this("MST:" + TaxCodeText)
    {
    }

    internal TestSeller(string subjectCode, DateTimeOffset? from = null, DateTimeOffset? until = null, int bits = 2048)
    {
        CertificateRequest root = new("CN=Test root", _rootKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Root = root.CreateSelfSigned(new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2046, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Certificate = Issue(subjectCode, from, until, bits);
        Key = MessageKey.From(Certificate);
    }

    public static Seller Seller { get; } = new(TaxCode.Parse(TaxCodeText), "Cửa hàng Bình Minh & Con", "12 phố Huế, Hà Nội", "CH01", "Cửa hàng số 1", "14 phố Huế");

    public X509Certificate2 Root { get; }

    public X509Certificate2 Certificate { get; }

    public MessageKey Key { get; }

    public static X500DistinguishedName Subject(string code)
    {
        X500DistinguishedNameBuilder subject = new();
        subject.AddCommonName("Cửa hàng Bình Minh, \"Con\" <1>");
        subject.Add("0.9.2342.19200300.100.1.1", code, UniversalTagNumber.UTF8String);
        subject.AddCountryOrRegion("VN");
        return subject.Build();
    }

    public X509Certificate2 Issue(string subjectCode = "MST:" + TaxCodeText, DateTimeOffset? from = null, DateTimeOffset? until = null, int bits = 2048)
    {
        using var key = RSA.Create(bits);
        CertificateRequest request = new(Subject(subjectCode), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation, true));
        using X509Certificate2 issued = request.Create(
            Root, from ?? new(2025, 6, 1, 0, 0, 0, TimeSpan.Zero), until ?? new(2045, 1, 1, 0, 0, 0, TimeSpan.Zero), RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 whole = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    public void Dispose()
    {
        Key.Dispose();
        Certificate.Dispose();
        Root.Dispose();
        _rootKey.Dispose();
    }
}
