using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Invoicing.Invoices;
using Invoicing.Vietnam;

namespace Invoicing.NationalXml.Signatures;

/// <summary>A seller's certificate and the RSA key that belongs to it: what signs messages to the authority.</summary>
/// <remarks>
/// The key may be any <see cref="RSA"/>, so a token or a hardware module takes part by its own implementation of that class. Signing is
/// not safe for several threads. Source: Decision 1271/QĐ-CT, Part I.IV.6; subject with <c>UID=MST:…</c> as certificates of Vietnam bear it.
/// </remarks>
public sealed class MessageKey : IDisposable
{
    /// <summary>Fewest bits of a key.</summary>
    public const int MinBits = 2048;

    private const string Uid = "0.9.2342.19200300.100.1.1";

    private MessageKey(X509Certificate2 certificate, RSA rsa)
    {
        Certificate = certificate;
        Rsa = rsa;
    }

    /// <summary>The certificate; its private key, if it has one, is not used.</summary>
    public X509Certificate2 Certificate { get; }

    internal RSA Rsa { get; }

    /// <summary>Takes a certificate with its private key, from a file or a store.</summary>
    /// <param name="certificate">Stays the caller's; must live as long as the key.</param>
    /// <exception cref="InvoicingException">It has no private RSA key.</exception>
    public static MessageKey From(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        RSA rsa = certificate.GetRSAPrivateKey()
            ?? throw new InvoicingException($"expected a certificate with a private RSA key, found none in that of {SubjectText.Of(certificate)}");
        return From(rsa, certificate);
    }

    /// <summary>Takes a key that lies elsewhere, and its certificate.</summary>
    /// <param name="rsa">The key; is disposed with this object.</param>
    /// <param name="certificate">Stays the caller's; must live as long as the key.</param>
    /// <exception cref="InvoicingException">The certificate is of another key, or the key is too small.</exception>
    public static MessageKey From(RSA rsa, X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(rsa);
        ArgumentNullException.ThrowIfNull(certificate);
        using RSA? stated = certificate.GetRSAPublicKey();
        if (stated is null || !stated.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(rsa.ExportSubjectPublicKeyInfo()))
        {
            throw new InvoicingException($"expected the certificate of the signing key, found one of another key: {SubjectText.Of(certificate)}");
        }

        return rsa.KeySize >= MinBits
            ? new(certificate, rsa)
            : throw new InvoicingException($"expected an RSA key of at least {MinBits} bits, found {rsa.KeySize}");
    }

    /// <summary>The tax code that a certificate's subject names (<c>UID=MST:…</c>); <see langword="null"/> where it names none.</summary>
    public static string? TaxCodeOf(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        const string Prefix = "MST:";
        return SubjectText.Values(certificate, Uid).Where(value => value.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(value => value[Prefix.Length..].Trim()).FirstOrDefault();
    }

    /// <summary>Refuses a certificate that is not the seller's, or not valid now.</summary>
    /// <exception cref="InvoicingException">Says what was expected and found.</exception>
    internal void Require(TaxCode seller, DateTimeOffset now)
    {
        string? found = TaxCodeOf(Certificate);
        if (found != seller.ToString())
        {
            throw new InvoicingException(
                $"expected a certificate of the seller, with UID=MST:{seller} in its subject, found {SubjectText.Of(Certificate)}; "
                + "use the seller's certificate");
        }

        DateTimeOffset from = new(Certificate.NotBefore.ToUniversalTime());
        DateTimeOffset until = new(Certificate.NotAfter.ToUniversalTime());
        if (now < from || now > until)
        {
            throw new InvoicingException(
                $"expected a certificate that is valid on {VietnamTime.DateOf(now):yyyy-MM-dd}, found one from "
                + $"{VietnamTime.DateOf(from):yyyy-MM-dd} to {VietnamTime.DateOf(until):yyyy-MM-dd}; renew it");
        }
    }

    /// <summary>Gives the key up.</summary>
    public void Dispose() => Rsa.Dispose();
}
