using System.Security.Cryptography.X509Certificates;

namespace Invoicing.Authority.Enrolment;

/// <summary>What certificates of this authority lead to: the root, and every issuing certificate that there ever was. No key is needed for it.</summary>
internal sealed class IssuerCertificates
{
    private readonly Dictionary<string, byte[]> _issuing = new(StringComparer.Ordinal);

    /// <summary>Reads those of a folder.</summary>
    /// <exception cref="InvoicingException">The folder has none.</exception>
    public IssuerCertificates(AuthorityFolder folder)
    {
        using X509Certificate2 root = CertificateAuthority.LoadRoot(folder);
        Root = root.RawData;
        foreach (X509Certificate2 issuing in CertificateAuthority.LoadAllIssuing(folder))
        {
            using (issuing)
            {
                X509SubjectKeyIdentifierExtension key = issuing.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single();
                _issuing[key.SubjectKeyIdentifier!] = issuing.RawData;
            }
        }
    }

    /// <summary>The root (DER).</summary>
    public byte[] Root { get; }

    /// <summary>What a certificate leads to: its issuing certificate, then the root (DER).</summary>
    /// <param name="certificate">A certificate that this authority issued (DER).</param>
    /// <exception cref="InvoicingException">The issuing certificate is not kept any more.</exception>
    public IReadOnlyList<byte[]> Of(byte[] certificate)
    {
        using X509Certificate2 issued = X509CertificateLoader.LoadCertificate(certificate);
        string? key = issued.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().SingleOrDefault()?.KeyIdentifier is { } identifier
            ? Convert.ToHexString(identifier.Span)
            : null;
        return key is not null && _issuing.TryGetValue(key, out byte[]? issuing) ? [issuing, Root] : throw new InvoicingException(
            $"expected the issuing certificate '{issued.Issuer}' in the authority's folder, found others only: put it back into ca/issuing.former.crt");
    }
}
