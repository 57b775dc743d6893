using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Invoicing.Gateway.Tests.Enrolment;

/// <summary>An authority's certificates as they are to be: a root that is kept away, an issuing one, servers and clients under it.</summary>
internal sealed class TestAuthorityCertificates : IDisposable
{
    public static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset End = new(2056, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _issuingKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestAuthorityCertificates(string name = "Test root")
    {
        CertificateRequest root = Authority(name, _rootKey);
        Root = root.CreateSelfSigned(Begin, End);
        using X509Certificate2 issuing = Authority("Test issuing", _issuingKey).Create(Root, Begin, End.AddDays(-1), Serial());
        Issuing = issuing.CopyWithPrivateKey(_issuingKey);
    }

    public X509Certificate2 Root { get; }

    public X509Certificate2 Issuing { get; }

    public X509Certificate2 Server(string name = "localhost", DateTimeOffset? from = null, DateTimeOffset? until = null, string use = ServerUse)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = Leaf($"CN={name}", new PublicKey(key), use);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 bare = request.Create(Issuing, from ?? Begin, until ?? End.AddDays(-2), Serial());
        return bare.CopyWithPrivateKey(key);
    }

    /// <summary>A server under the certificate that is for clients.</summary>
    public X509Certificate2 ServerForClients() => Server(use: ClientUse);

    /// <summary>A client's certificate, on the key of its request.</summary>
    public byte[] Client(string name, ReadOnlySpan<byte> request, DateTimeOffset from, DateTimeOffset until)
    {
        var asked = CertificateRequest.LoadSigningRequest(request.ToArray(), HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = Leaf($"CN={name}", asked.PublicKey, ClientUse).Create(Issuing, from, until, Serial());
        return certificate.RawData;
    }

    public void Dispose()
    {
        Root.Dispose();
        Issuing.Dispose();
        _rootKey.Dispose();
        _issuingKey.Dispose();
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request;
    }

    private static CertificateRequest Leaf(string subject, PublicKey key, string use)
    {
        var request = new CertificateRequest(new X500DistinguishedName(subject), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        return request;
    }

    private static byte[] Serial()
    {
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return serial;
    }
}
