using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Invoicing.Signing;

namespace Invoicing.Authority.Enrolment;

/// <summary>Makes and loads the authority's certificates and keys. All keys are ECDSA P-256.</summary>
internal sealed class CertificateAuthority : IDisposable
{
    /// <summary>The root outlives everything that it issued.</summary>
    private static readonly TimeSpan RootLife = TimeSpan.FromDays(20 * 365);

    /// <summary>A till lives about this long; renewal is not needed before.</summary>
    private static readonly TimeSpan ClientLife = TimeSpan.FromDays(5 * 365);

    /// <summary>A client's clock may be behind: certificates are good from a day before they are made.</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromDays(1);

    private readonly X509Certificate2 _root;
    private readonly TimeProvider _time;

    private CertificateAuthority(X509Certificate2 root, TimeProvider time)
    {
        _root = root;
        _time = time;
    }

    /// <summary>Certificate of the root (PEM).</summary>
    public string RootPem => _root.ExportCertificatePem() + "\n";

    /// <summary>Makes root, server certificate and watermark key in a folder that has none.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="hosts">Names and addresses that the server is reached by, besides localhost and 127.0.0.1.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InvoicingException">The folder has a root already: devices trust it, so it is not replaced.</exception>
    public static void Create(AuthorityFolder folder, IEnumerable<string> hosts, TimeProvider time)
    {
        if (File.Exists(folder.RootCertificate))
        {
            throw new InvoicingException($"{folder.RootCertificate}: expected no file, found a root that clients trust: choose another folder");
        }

        DateTimeOffset now = time.GetUtcNow();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Invoicing authority root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using X509Certificate2 root = request.CreateSelfSigned(now - Leeway, now + RootLife);
        using var authority = new CertificateAuthority(root, time);

        (string certificate, string serverKey) = authority.Issue("CN=Invoicing authority server", SubjectNames(hosts), "1.3.6.1.5.5.7.3.1", RootLife);
        using var watermark = SoftwareSigner.Create();
        DurableFile.Write(folder.ServerKey, serverKey);
        DurableFile.Write(folder.ServerCertificate, certificate);
        DurableFile.Write(folder.WatermarkKey, PemEncoding.WriteString("PRIVATE KEY", watermark.Export()) + "\n");
        DurableFile.Write(folder.RootKey, key.ExportPkcs8PrivateKeyPem() + "\n");

        // Last: its presence says that the rest is there too.
        DurableFile.Write(folder.RootCertificate, authority.RootPem);
    }

    /// <summary>Loads the root with its key, to issue certificates.</summary>
    /// <exception cref="InvoicingException">The folder has none.</exception>
    public static CertificateAuthority Load(AuthorityFolder folder, TimeProvider time)
    {
        using X509Certificate2 certificate = LoadRoot(folder);
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(folder.RootKey));
        return new(certificate.CopyWithPrivateKey(key), time);
    }

    /// <summary>Loads the root's certificate.</summary>
    /// <exception cref="InvoicingException">The folder has none.</exception>
    public static X509Certificate2 LoadRoot(AuthorityFolder folder) => File.Exists(folder.RootCertificate)
        ? X509Certificate2.CreateFromPem(File.ReadAllText(folder.RootCertificate))
        : throw new InvoicingException($"{folder.RootCertificate}: expected the authority's root, found no file: run 'authority ca --data {folder.Path}'");

    /// <summary>Loads the server's certificate with its key.</summary>
    public static X509Certificate2 LoadServer(AuthorityFolder folder)
    {
        var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(folder.ServerCertificate), File.ReadAllText(folder.ServerKey));
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        // SChannel does not take a key that lives in memory only.
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }
    }

    /// <summary>Loads the key that signs watermarks and verdicts.</summary>
    public static SoftwareSigner LoadWatermarkKey(AuthorityFolder folder)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(folder.WatermarkKey));
        return SoftwareSigner.Import(key.ExportPkcs8PrivateKey());
    }

    /// <summary>Issues a client's certificate on a new key.</summary>
    /// <param name="name">Name of the device or follower, checked by the caller.</param>
    /// <returns>Certificate and key (PEM).</returns>
    public (string Certificate, string Key) IssueClient(string name) => Issue($"CN={name}", names: null, "1.3.6.1.5.5.7.3.2", ClientLife);

    /// <summary>Forgets the key.</summary>
    public void Dispose() => _root.Dispose();

    private static X509Extension SubjectNames(IEnumerable<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        foreach (string host in hosts)
        {
            if (IPAddress.TryParse(host, out IPAddress? address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        return names.Build();
    }

    private (string Certificate, string Key) Issue(string subject, X509Extension? names, string usage, TimeSpan life)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        if (names is not null)
        {
            request.CertificateExtensions.Add(names);
        }

        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40); // positive, and of full length
        DateTimeOffset now = _time.GetUtcNow();
        DateTimeOffset rootEnd = new(_root.NotAfter);
        DateTimeOffset until = now + life < rootEnd ? now + life : rootEnd;
        using X509Certificate2 certificate = request.Create(_root, now - Leeway, until, serial);
        return (certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
