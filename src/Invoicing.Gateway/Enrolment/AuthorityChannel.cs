using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using Invoicing.Gateway.Clocks;

namespace Invoicing.Gateway.Enrolment;

/// <summary>Makes channels to the authority: TLS, the authority's own root as the only trust, and the device's certificate once it has one.</summary>
internal static class AuthorityChannel
{
    /// <summary>Longest silence before the connection is probed, so that a half-open one is seen within half a minute.</summary>
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may take: a name that resolves, but an address that never answers.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A channel of a device; it owns what it is made of. Nothing is connected yet.</summary>
    /// <exception cref="InvoicingException">The identity's certificates cannot be read.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The channel's handler uses certificate and trust as long as it lives.")]
    public static GrpcChannel Create(Uri authority, DeviceIdentity identity, DeviceClock clock)
    {
        try
        {
            SslClientAuthenticationOptions tls = StrongTls.Client(Trust(identity.Root.Span, clock).Verify);

            // As a context, so that what the certificate leads to is sent along, and an ended one is sent, too: it opens the renewal.
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(
                Own(identity), [.. identity.Certificates[1..].Select(one => X509CertificateLoader.LoadCertificate(one.Span))], offline: true);
            return Create(authority, tls);
        }
        catch (CryptographicException fault)
        {
            throw new InvoicingException(
                $"identity of '{identity.Name}': expected certificates and their private key, found others: {fault.Message}", innerException: fault);
        }
    }

    /// <summary>A channel without a certificate of ours, to a server that must lead to a root.</summary>
    /// <param name="authority">Where.</param>
    /// <param name="root">The root (DER).</param>
    /// <param name="clock">The best known time.</param>
    public static GrpcChannel CreateFirst(Uri authority, ReadOnlyMemory<byte> root, DeviceClock clock) =>
        Create(authority, StrongTls.Client(Trust(root.Span, clock).Verify));

    /// <summary>
    /// A channel that asks for the root and nothing else: there is nothing yet that the server could lead to. What comes over it is public, and
    /// counts only if the activation code names it; nothing secret goes over it.
    /// </summary>
    public static GrpcChannel CreateForRoot(Uri authority) => Create(authority, StrongTls.Client(ServerTrust.VerifyName));

    [SuppressMessage("Reliability", "CA2000", Justification = "The channel's handler uses it as long as it lives.")]
    private static ServerTrust Trust(ReadOnlySpan<byte> root, DeviceClock clock) => new(X509CertificateLoader.LoadCertificate(root), clock);

    [SuppressMessage("Reliability", "CA2000", Justification = "The channel disposes of the handler.")]
    private static GrpcChannel Create(Uri authority, SslClientAuthenticationOptions tls) => GrpcChannel.ForAddress(authority, new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            KeepAlivePingDelay = PingDelay,
            KeepAlivePingTimeout = PingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            UseCookies = false,
            SslOptions = tls,
            PlaintextStreamFilter = (context, _) =>
            {
                var stream = (SslStream)context.PlaintextStream;
                StrongTls.Require(stream.SslProtocol, stream.NegotiatedCipherSuite);
                return ValueTask.FromResult(context.PlaintextStream);
            },
        },
        DisposeHttpClient = true,
    });

    private static X509Certificate2 Own(DeviceIdentity identity)
    {
        using X509Certificate2 bare = X509CertificateLoader.LoadCertificate(identity.Certificates[0].Span);
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(identity.PrivateKey.Span, out _);
        X509Certificate2 certificate = bare.CopyWithPrivateKey(key);
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
