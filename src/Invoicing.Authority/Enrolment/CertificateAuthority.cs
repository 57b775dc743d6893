using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Invoicing.Signing;

namespace Invoicing.Authority.Enrolment;

/// <summary>Issues the certificates of the server and of all clients, by the key that is online. All keys are ECDSA P-256.</summary>
/// <remarks>
/// The root (path length 1) signs one thing: issuing certificates (path length 0). Its key is needed for nothing else and lies offline. All
/// trust the root; so another issuing certificate takes over without a word to anybody, and what the one before it issued is good until its end.
/// </remarks>
internal sealed partial class CertificateAuthority : IDisposable
{
    /// <summary>Life of a server's certificate: what clients accept at most elsewhere. The server renews it by itself.</summary>
    public static readonly TimeSpan ServerLife = TimeSpan.FromDays(397);

    /// <summary>The root outlives everything that it issued.</summary>
    private static readonly TimeSpan RootLife = TimeSpan.FromDays(20 * 365);

    /// <summary>Twice the longest life of what it issues, and some.</summary>
    private static readonly TimeSpan IssuingLife = TimeSpan.FromDays(5 * 365);

    /// <summary>A client's clock may be behind: certificates are good from a day before they are made.</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromDays(1);

    private const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _issuing;
    private readonly ECDsa _key;
    private readonly TimeProvider _time;

    private CertificateAuthority(X509Certificate2 issuing, ECDsa key, TimeProvider time)
    {
        _issuing = issuing;
        _key = key;
        _time = time;
    }

    /// <summary>Loads the issuing key and certificate.</summary>
    /// <exception cref="InvoicingException">The folder has none, or the key cannot be used.</exception>
    public static CertificateAuthority Load(AuthorityFolder folder, TimeProvider time)
    {
        X509Certificate2 issuing = LoadIssuing(folder);
        try
        {
            return new(issuing, RequireMatch(KeyPlaces.Read(folder).Issuing, issuing), time);
        }
        catch
        {
            issuing.Dispose();
            throw;
        }
    }

    /// <summary>Loads the root's certificate.</summary>
    /// <exception cref="InvoicingException">The folder has none.</exception>
    public static X509Certificate2 LoadRoot(AuthorityFolder folder) => File.Exists(folder.RootCertificate)
        ? X509Certificate2.CreateFromPem(File.ReadAllText(folder.RootCertificate))
        : throw new InvoicingException($"{folder.RootCertificate}: expected the authority's root, found no file: run 'authority ca --data {folder.Path}'");

    /// <summary>Loads the issuing certificate.</summary>
    /// <exception cref="InvoicingException">The folder has none.</exception>
    public static X509Certificate2 LoadIssuing(AuthorityFolder folder)
    {
        RequireIssuing(folder);
        return X509Certificate2.CreateFromPem(File.ReadAllText(folder.IssuingCertificate));
    }

    /// <summary>Loads all issuing certificates that there ever were.</summary>
    public static X509Certificate2Collection LoadAllIssuing(AuthorityFolder folder)
    {
        RequireIssuing(folder);
        var all = new X509Certificate2Collection();
        all.ImportFromPem(File.ReadAllText(folder.IssuingCertificate));
        if (File.Exists(folder.FormerIssuingCertificates))
        {
            all.ImportFromPem(File.ReadAllText(folder.FormerIssuingCertificates));
        }

        return all;
    }

    /// <summary>Loads the server's certificate with its key.</summary>
    public static X509Certificate2 LoadServer(AuthorityFolder folder)
    {
        string both = File.ReadAllText(folder.ServerKey);
        var certificate = X509Certificate2.CreateFromPem(both, both);
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

    /// <summary>Loads the key that signs watermarks, verdicts, grants and acts.</summary>
    public static SoftwareSigner LoadWatermarkKey(AuthorityFolder folder)
    {
        using ECDsa key = KeyLocation.Open(KeyLocation.OfFile(folder.WatermarkKey));
        return SoftwareSigner.Import(key.ExportPkcs8PrivateKey());
    }

    /// <summary>Issues a client's certificate.</summary>
    /// <param name="name">Name of the device, follower or operator, checked by the caller.</param>
    /// <param name="key">Its key.</param>
    /// <param name="life">How long it is good; never beyond the issuing certificate's end.</param>
    public X509Certificate2 IssueClient(string name, PublicKey key, TimeSpan life) =>
        Issue(new($"CN={name}"), key, names: null, ClientUsage, life);

    /// <summary>Issues the server's certificate on a new key and writes both.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="names">Names and addresses that it is good for.</param>
    public void IssueServer(AuthorityFolder folder, X509Extension names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = Issue(new("CN=Invoicing authority server"), new PublicKey(key), names, ServerUsage, ServerLife);

        // One file holds both, so that no crash leaves a key without its certificate; the certificate alone is for people and tools.
        DurableFile.Write(folder.ServerKey, key.ExportPkcs8PrivateKeyPem() + "\n" + certificate.ExportCertificatePem() + "\n", replace: true);
        DurableFile.Write(folder.ServerCertificate, certificate.ExportCertificatePem() + "\n", replace: true);
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose()
    {
        _key.Dispose();
        _issuing.Dispose();
    }

    private static void RequireIssuing(AuthorityFolder folder)
    {
        if (!File.Exists(folder.IssuingCertificate))
        {
            throw new InvoicingException(
                $"{folder.IssuingCertificate}: expected the certificate that issues others, found no file: the folder was made by an earlier program; run 'authority ca' on another");
        }
    }

    private static ECDsa RequireMatch(string location, X509Certificate2 certificate)
    {
        ECDsa key = KeyLocation.Open(location);
        using ECDsa? certified = certificate.GetECDsaPublicKey();
        if (certified is null || !key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(certified.ExportSubjectPublicKeyInfo()))
        {
            key.Dispose();
            throw new InvoicingException(
                $"{location}: expected the key of certificate '{certificate.Subject}', found another: the location or the certificate is not the right one");
        }

        return key;
    }

    private static byte[] NewSerial()
    {
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40); // positive, and of full length
        return serial;
    }

    private X509Certificate2 Issue(X500DistinguishedName subject, PublicKey key, X509Extension? names, string usage, TimeSpan life)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(key, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_issuing, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        if (names is not null)
        {
            request.CertificateExtensions.Add(names);
        }

        DateTimeOffset now = _time.GetUtcNow();
        DateTimeOffset end = new(_issuing.NotAfter);
        if (now + Leeway >= end)
        {
            throw new InvoicingException(
                $"{_issuing.Subject}: expected an issuing certificate with more than a day left, found that it ends at {end.ToUniversalTime():u}: run 'authority ca reissue' with the root's key");
        }

        return request.Create(
            _issuing.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), now - Leeway, now + life < end ? now + life : end, NewSerial());
    }
}
