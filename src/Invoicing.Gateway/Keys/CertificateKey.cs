using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Invoicing.Gateway.Keys.Tokens;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Gateway.Keys;

/// <summary>A certificate and its private RSA key that lie on a token or in Windows' store: a seller's, for the law's file.</summary>
public sealed class CertificateKey : IDisposable
{
    private CertificateKey(X509Certificate2 certificate, RSA rsa)
    {
        Certificate = certificate;
        Rsa = rsa;
    }

    /// <summary>The certificate.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The key; signs SHA-256 hashes by PKCS#1 v1.5, and where it lies it stays.</summary>
    public RSA Rsa { get; }

    /// <summary>Opens a key with its certificate.</summary>
    /// <param name="location">A token or a store.</param>
    /// <param name="certificatePath">The certificate (PEM or DER), where it does not lie beside the key; <see langword="null"/>: it does.</param>
    /// <param name="options">What opens keys.</param>
    /// <param name="time">Timers.</param>
    /// <param name="loggers">Where it logs to; <see langword="null"/>: nowhere.</param>
    /// <exception cref="InvoicingException">It cannot be used now; says what was expected, what was found and what to do.</exception>
    public static CertificateKey Open(
        KeyLocation location, string? certificatePath, KeyOptions options, TimeProvider time, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(location);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        switch (location)
        {
            case KeyLocation.InStore store:
                return FromStore(store);
            case KeyLocation.OnToken token:
                ILogger logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger<CertificateKey>();
                var key = HostedKey.Open(token.Uri, creates: false, options, time, logger);
                try
                {
                    return FromToken(key, certificatePath);
                }
                catch
                {
                    key.Dispose();
                    throw;
                }

            default:
                throw new InvoicingException("expected a PKCS#12 file, or a key at pkcs11: or store:, found another location");
        }
    }

    /// <summary>Gives key and certificate up.</summary>
    public void Dispose()
    {
        Rsa.Dispose();
        Certificate.Dispose();
    }

    private static CertificateKey FromStore(KeyLocation.InStore store)
    {
        X509Certificate2 certificate = StoreKey.Find(store);
        return certificate.GetRSAPrivateKey() is { } rsa
            ? new(certificate, rsa)
            : throw new InvoicingException($"{store}: expected a certificate with a private RSA key, found one without");
    }

    private static CertificateKey FromToken(HostedKey key, string? certificatePath)
    {
        if (!key.IsRsa)
        {
            throw new InvoicingException("expected an RSA key on the token, found one on a curve");
        }

        try
        {
            X509Certificate2 certificate = certificatePath is not null ? X509CertificateLoader.LoadCertificateFromFile(certificatePath)
                : key.Certificate.Length > 0 ? X509CertificateLoader.LoadCertificate(key.Certificate)
                : throw new InvoicingException("expected the certificate beside the key on the token, found none; name its file as 'certificate_file'");
            return new(certificate, new TokenRsa(key));
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvoicingException($"{certificatePath ?? "token"}: expected an X.509 certificate, found none: {fault.Message}", innerException: fault);
        }
    }
}
