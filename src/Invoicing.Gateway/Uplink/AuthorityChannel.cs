using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using Invoicing.Chain;

namespace Invoicing.Gateway.Uplink;

/// <summary>Makes the channel to the authority: TLS with the device's certificate, and the bundle's root as the only trust.</summary>
internal static class AuthorityChannel
{
    /// <summary>Longest silence before the connection is probed, so that a half-open one is seen within half a minute.</summary>
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may take: a name that resolves, but an address that never answers.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Makes a channel; it owns what it is made of. Nothing is connected yet.</summary>
    /// <exception cref="InvoicingException">The bundle's certificates cannot be read.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The channel's handler uses certificate and trust as long as it lives.")]
    public static GrpcChannel Create(Uri authority, ClientBundle bundle)
    {
        try
        {
            X509Certificate2 certificate = DeviceCertificate(bundle);
            var trust = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,

                // The authority's own root; it publishes no list, a lost server key means a new root and new bundles.
                RevocationMode = X509RevocationMode.NoCheck,
            };
            trust.CustomTrustStore.Add(X509Certificate2.CreateFromPem(bundle.AuthorityRoot));
            var handler = new SocketsHttpHandler
            {
                ConnectTimeout = ConnectTimeout,
                KeepAlivePingDelay = PingDelay,
                KeepAlivePingTimeout = PingTimeout,
                KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
                UseCookies = false,
                SslOptions = new()
                {
                    ClientCertificates = [certificate],
                    LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate,
                    CertificateChainPolicy = trust,
                },
            };
            return GrpcChannel.ForAddress(authority, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            throw new InvoicingException(
                $"bundle of '{bundle.Name}': expected certificates and a private key (PEM), found others: {fault.Message}", innerException: fault);
        }
    }

    private static X509Certificate2 DeviceCertificate(ClientBundle bundle)
    {
        var certificate = X509Certificate2.CreateFromPem(bundle.Certificate, bundle.PrivateKey);
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        // Windows' TLS does not take a key that lives in memory only.
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }
    }
}
