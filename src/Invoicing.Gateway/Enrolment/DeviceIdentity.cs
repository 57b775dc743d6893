using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Invoicing.Chain;

namespace Invoicing.Gateway.Enrolment;

/// <summary>By what a device is known to the authority, and the authority to it: certificates, transport key, enrolment. Immutable.</summary>
/// <param name="Name">Name of the device.</param>
/// <param name="Certificates">The device's own (DER), and what it leads to; the authority's root last.</param>
/// <param name="PrivateKey">Private key of the device's certificate (PKCS#8).</param>
/// <param name="Enrolment">EnrolmentRecord.</param>
/// <param name="Activation">Hash of the activation code's secret that it was enrolled with; empty if it was not.</param>
internal sealed record DeviceIdentity(
    string Name, ImmutableArray<ReadOnlyMemory<byte>> Certificates, ReadOnlyMemory<byte> PrivateKey, ReadOnlyMemory<byte> Enrolment,
    ReadOnlyMemory<byte> Activation)
{
    /// <summary>Most certificates: the device's own and four that it leads to. Source: <c>enrolment.proto</c>.</summary>
    public const int MaxCertificates = 5;

    /// <summary>The authority's root (DER).</summary>
    public ReadOnlyMemory<byte> Root => Certificates[^1];

    /// <summary>The identity that a bundle is.</summary>
    /// <exception cref="InvoicingException">The bundle's certificates or key cannot be read.</exception>
    public static DeviceIdentity Of(ClientBundle bundle)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(bundle.Certificate);
            certificates.ImportFromPem(bundle.AuthorityRoot);
            using var key = ECDsa.Create();
            key.ImportFromPem(bundle.PrivateKey);
            return certificates.Count is >= 2 and <= MaxCertificates
                ? new(bundle.Name, [.. certificates.Select(c => (ReadOnlyMemory<byte>)c.RawData)], key.ExportPkcs8PrivateKey(), bundle.Enrolment, default)
                : throw new InvoicingException(
                    $"bundle of '{bundle.Name}': expected a certificate and the authority's root, found {certificates.Count} certificates");
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            throw new InvoicingException(
                $"bundle of '{bundle.Name}': expected certificates and a private key (PEM), found others: {fault.Message}", innerException: fault);
        }
    }

    /// <summary>From when to when the certificate is good.</summary>
    public (DateTimeOffset From, DateTimeOffset Until) Life()
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(Certificates[0].Span);
        return (new(certificate.NotBefore.ToUniversalTime()), new(certificate.NotAfter.ToUniversalTime()));
    }

    /// <summary>Everything but the private key.</summary>
    public override string ToString() => $"{Name} ({Certificates.Length} certificates, {Enrolment.Length} bytes of enrolment)";
}
