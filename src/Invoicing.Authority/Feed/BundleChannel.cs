using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using Invoicing.Chain;

namespace Invoicing.Authority.Feed;

/// <summary>The way to an authority with a client bundle: TLS, the authority's own root and no other, the client's certificate.</summary>
internal static class BundleChannel
{
    /// <summary>Makes a channel; nothing is connected yet.</summary>
    public static GrpcChannel Open(Uri address, ClientBundle bundle) => GrpcChannel.ForAddress(
        address, new() { HttpHandler = Handler(bundle), DisposeHttpClient = true });

    /// <summary>Reads a bundle.</summary>
    /// <exception cref="InvoicingException">No such file, or not a bundle.</exception>
    public static ClientBundle Read(string path) => File.Exists(path)
        ? ClientBundle.Parse(File.ReadAllText(path), path)
        : throw new InvoicingException($"{path}: expected a client bundle, found no file");

    /// <summary>Makes the connections of a channel.</summary>
    internal static SocketsHttpHandler Handler(ClientBundle bundle)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(bundle.AuthorityRoot));
#pragma warning disable CA2000 // The connections of the channel use it for as long as the process lives.
        var certificate = X509Certificate2.CreateFromPem(bundle.Certificate, bundle.PrivateKey);
        if (OperatingSystem.IsWindows())
        {
            // SChannel does not take a key that lives in memory only.
            certificate = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }

#pragma warning restore CA2000
        return new()
        {
            EnableMultipleHttp2Connections = true,
            SslOptions = new()
            {
                CertificateChainPolicy = policy,
                ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
            },
        };
    }
}
