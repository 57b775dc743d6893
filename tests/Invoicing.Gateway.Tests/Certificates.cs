using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Invoicing.Gateway.Tests;

/// <summary>A root, a server's and a device's certificate, as the authority would make them.</summary>
/// <remarks>Good at any time that a test's clock shows: tests of their ends make their own.</remarks>
internal sealed class Certificates : IDisposable
{
    private static readonly DateTimeOffset From = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Until = new(2056, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;

    public Certificates()
    {
        var request = new CertificateRequest("CN=Test Authority Root", _rootKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _root = request.CreateSelfSigned(From, Until);
    }

    public string RootPem => _root.ExportCertificatePem();

    public X509Certificate2 Root => _root;

    public (string Certificate, string Key, byte[] Der) Issue(string name)
    {
        using X509Certificate2 certificate = IssueCertificate(name);
        return (certificate.ExportCertificatePem(), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), certificate.RawData);
    }

    public X509Certificate2 IssueCertificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        byte[] serial = RandomNumberGenerator.GetBytes(8);
        using X509Certificate2 bare = request.Create(_root, From, Until, serial);
        return bare.CopyWithPrivateKey(key);
    }

    public void Dispose()
    {
        _root.Dispose();
        _rootKey.Dispose();
    }
}
