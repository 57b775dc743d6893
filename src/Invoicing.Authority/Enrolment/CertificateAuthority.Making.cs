using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Hashing;
using Invoicing.Protos.V1;
using Invoicing.Signing;

namespace Invoicing.Authority.Enrolment;

/// <summary>What the root's key is needed for: to make an authority, and to give it another issuing certificate.</summary>
internal sealed partial class CertificateAuthority
{
    private const string RootName = "CN=Invoicing authority root";

    /// <summary>Makes root, issuing and server certificate, watermark key and registry in a folder that has none.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="hosts">Names and addresses that the server is reached by, besides localhost and 127.0.0.1.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InvoicingException">The folder has a root already: devices trust it, so it is not replaced.</exception>
    public static void Create(AuthorityFolder folder, IEnumerable<string> hosts, TimeProvider time) =>
        Create(folder, new AuthorityPlan { Hosts = [.. hosts] }, time);

    /// <summary>Makes an authority as planned.</summary>
    /// <exception cref="InvoicingException">The folder has a root already, or a key cannot be used.</exception>
    public static void Create(AuthorityFolder folder, AuthorityPlan plan, TimeProvider time)
    {
        if (File.Exists(folder.RootCertificate))
        {
            throw new InvoicingException(File.Exists(folder.Registry) || File.Exists(folder.Ledger)
                ? $"{folder.RootCertificate}: expected no file, found a root that clients trust: choose another folder"
                : $"{folder.RootCertificate}: expected no file, found one whose making was broken off before it was of use to anybody: remove the folder and begin again");
        }

        DurableFile.MakeFolder(folder.Path);
        string rootLocation = plan.RootKey ?? KeyLocation.OfFile(folder.RootKey);
        using ECDsa rootKey = OpenOrMake(rootLocation);
        DateTimeOffset now = time.GetUtcNow();
        using X509Certificate2 root = Certify(
            new(RootName), new(rootKey), issuer: null, rootKey, pathLength: 1, now - Leeway, now + RootLife);
        using (var watermark = SoftwareSigner.Create())
        {
            DurableFile.Write(folder.WatermarkKey, PemEncoding.WriteString("PRIVATE KEY", watermark.Export()) + "\n");
        }

        using (X509Certificate2 issuing = MakeIssuing(folder, plan.IssuingKey, root, rootKey, now))
        using (CertificateAuthority authority = Load(folder, time))
        {
            authority.IssueServer(folder, SubjectNames(plan.Hosts));

            // Last of the files: its presence says that the rest is there too.
            DurableFile.Write(folder.RootCertificate, root.ExportCertificatePem() + "\n");
            AuthorityRegistry.Make(folder, time, $"os:{Environment.UserName}", new(
                ActKind.AuthorityMade, root.Subject, ("root", HashOf(root)), ("issuing", HashOf(issuing)),
                ("root_key", rootLocation), ("issuing_key", KeyPlaces.Read(folder).Issuing)));
        }
    }

    /// <summary>Makes another issuing key and certificate by the root, and a server certificate by them. No server may run on the folder.</summary>
    /// <param name="folder">The authority.</param>
    /// <param name="rootLocation">Where the root's key is.</param>
    /// <param name="issuingLocation">Where the new issuing key is (<c>pkcs11:…</c>); <see langword="null"/>: made as a file.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InvoicingException">The root's key is not there or is another, or a server runs.</exception>
    public static void Reissue(AuthorityFolder folder, string rootLocation, string? issuingLocation, TimeProvider time)
    {
        using X509Certificate2 root = LoadRoot(folder);
        using ECDsa rootKey = RequireMatch(rootLocation, root);
        using var registry = AuthorityRegistry.Open(folder, time, AuthorityExit.OnStorageFault);
        using X509Certificate2 former = LoadIssuing(folder);
        X509Extension names = NamesOf(folder);

        // The former one is kept first: whoever was certified by it must be known after a crash too.
        string kept = File.Exists(folder.FormerIssuingCertificates) ? File.ReadAllText(folder.FormerIssuingCertificates) : string.Empty;
        DurableFile.Write(folder.FormerIssuingCertificates, kept + former.ExportCertificatePem() + "\n", replace: true);
        using X509Certificate2 issuing = MakeIssuing(folder, issuingLocation, root, rootKey, time.GetUtcNow());
        using CertificateAuthority authority = Load(folder, time);
        authority.IssueServer(folder, names);
        registry.Note($"os:{Environment.UserName}", new(
            ActKind.IssuerMade, issuing.Subject, ("issuing", HashOf(issuing)), ("former", HashOf(former)),
            ("issuing_key", KeyPlaces.Read(folder).Issuing)));
    }

    /// <summary>Names and addresses of the server's certificate, for its next one.</summary>
    public static X509Extension NamesOf(AuthorityFolder folder)
    {
        using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(folder.ServerCertificate));
        X509Extension names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        return new(names.Oid!, names.RawData, names.Critical);
    }

    private static string HashOf(X509Certificate2 certificate) => Sha256Hash.Of(certificate.RawDataMemory.Span).ToString();

    /// <summary>A key on a token is there already; a file is made, and never over another.</summary>
    private static ECDsa OpenOrMake(string location)
    {
        if (!KeyLocation.IsToken(KeyLocation.Require("key", location)))
        {
            MakeKey(location["file:".Length..], replace: false);
        }

        return KeyLocation.Open(location);
    }

    private static void MakeKey(string path, bool replace)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DurableFile.Write(path, key.ExportPkcs8PrivateKeyPem() + "\n", replace);
    }

    private static X509Certificate2 MakeIssuing(AuthorityFolder folder, string? location, X509Certificate2 root, ECDsa rootKey, DateTimeOffset now)
    {
        if (location is null)
        {
            MakeKey(folder.IssuingKey, replace: true);
            File.Delete(folder.KeyLocations);
        }
        else
        {
            new KeyPlaces(KeyLocation.Require("issuing key", location)).Write(folder);
        }

        using ECDsa key = KeyLocation.Open(location ?? KeyLocation.OfFile(folder.IssuingKey));
        DateTimeOffset rootEnd = new(root.NotAfter);
        X509Certificate2 issuing = Certify(
            new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"CN=Invoicing authority issuing {now:yyyyMMddHHmmss}")), new(key), root,
            rootKey, pathLength: 0, now - Leeway, now + IssuingLife < rootEnd ? now + IssuingLife : rootEnd);
        DurableFile.Write(folder.IssuingCertificate, issuing.ExportCertificatePem() + "\n", replace: true);
        return issuing;
    }

    private static X509Certificate2 Certify(
        X500DistinguishedName subject, PublicKey key, X509Certificate2? issuer, ECDsa issuerKey, int pathLength, DateTimeOffset from, DateTimeOffset until)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLength, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        var identifier = new X509SubjectKeyIdentifierExtension(key, critical: false);
        request.CertificateExtensions.Add(identifier);
        request.CertificateExtensions.Add(issuer is null
            ? X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(identifier)
            : X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        return request.Create(issuer?.SubjectName ?? subject, X509SignatureGenerator.CreateForECDsa(issuerKey), from, until, NewSerial());
    }

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
}
