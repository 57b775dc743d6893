using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Authentication;

namespace Invoicing.Gateway.Enrolment;

/// <summary>TLS 1.3, or 1.2 (Windows 10) with an ephemeral key and authenticated encryption. Nothing older, nothing weaker.</summary>
internal static class StrongTls
{
    private static readonly TlsCipherSuite[] Suites =
    [
        TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ];

    /// <summary>Options of a client.</summary>
    /// <param name="verify">Decides whether the server is trusted.</param>
    public static SslClientAuthenticationOptions Client(RemoteCertificateValidationCallback verify)
    {
        var options = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            RemoteCertificateValidationCallback = verify,
            AllowRenegotiation = false,

            // A resumed session would bear the certificate of the one before it, and handshakes are rare: one stream lives for days.
            AllowTlsResume = false,
        };
        if (OperatingSystem.IsLinux())
        {
            Restrict(options);
        }

        return options;
    }

    /// <summary>Refuses a connection that is weaker: on Windows the system's settings choose the suites, not we.</summary>
    /// <exception cref="AuthenticationException">It is weaker; says what it is.</exception>
    public static void Require(SslProtocols protocol, TlsCipherSuite suite)
    {
        if (protocol is not (SslProtocols.Tls12 or SslProtocols.Tls13) || !Suites.Contains(suite))
        {
            throw new AuthenticationException(
                $"expected TLS 1.3, or 1.2 with ECDHE and AEAD, found {protocol} with {suite}; let this machine and the authority's offer better suites");
        }
    }

    [SupportedOSPlatform("linux")]
    private static void Restrict(SslClientAuthenticationOptions options) => options.CipherSuitesPolicy = new(Suites);
}
