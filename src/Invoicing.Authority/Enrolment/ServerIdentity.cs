using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Hashing;
using Invoicing.Protos.V1;

namespace Invoicing.Authority.Enrolment;

/// <summary>What the server shows in TLS: its certificate with the issuing one, renewed by itself when a third of its life is left.</summary>
internal sealed partial class ServerIdentity : IDisposable
{
    /// <summary>How often it is looked whether a renewal is due: with four months left, a few failures cost nothing.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromHours(6);

    private readonly AuthorityFolder _folder;
    private readonly AuthorityRegistry _registry;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private X509Certificate2 _certificate;
    private SslServerAuthenticationOptions _options;

    /// <summary>Loads the certificate and renews it if that is due.</summary>
    public ServerIdentity(AuthorityFolder folder, AuthorityRegistry registry, TimeProvider time, ILogger<ServerIdentity> logger)
    {
        _folder = folder;
        _registry = registry;
        _time = time;
        _logger = logger;
        _certificate = CertificateAuthority.LoadServer(folder);
        _options = OptionsOf(_certificate);
        RenewIfDue();
        _timer = time.CreateTimer(_ => RenewIfDue(), null, Pace, Pace);
    }

    /// <summary>The certificate that is shown now.</summary>
    public X509Certificate2 Certificate => Volatile.Read(ref _certificate);

    /// <summary>TLS 1.3, or 1.2 with an ephemeral key exchange and authenticated encryption; any client certificate, or none.</summary>
    /// <remarks>
    /// Any certificate may shake hands, so that a refused caller is told why by a status instead of a broken connection:
    /// <see cref="Callers"/> then lets in those of the registry alone.
    /// </remarks>
    public SslServerAuthenticationOptions Options => Volatile.Read(ref _options);

    /// <summary>Ends the timer.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _certificate.Dispose();
    }

    private SslServerAuthenticationOptions OptionsOf(X509Certificate2 certificate)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(
                certificate, CertificateAuthority.LoadAllIssuing(_folder), offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            ClientCertificateRequired = true,
#pragma warning disable CA5359 // Clients' certificates, not a server's: see the remark.
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            AllowRenegotiation = false,
        };
        if (OperatingSystem.IsLinux())
        {
            // All keys are ECDSA. Elsewhere the system's own policy says which suites there are.
            options.CipherSuitesPolicy = new(
            [
                TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
                TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
                TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
            ]);
        }

        return options;
    }

    private void RenewIfDue()
    {
        lock (_gate)
        {
            DateTimeOffset from = new(_certificate.NotBefore);
            DateTimeOffset until = new(_certificate.NotAfter);
            if (_time.GetUtcNow() < until - ((until - from) / 3))
            {
                return;
            }

            try
            {
                using (var authority = CertificateAuthority.Load(_folder, _time))
                {
                    authority.IssueServer(_folder, CertificateAuthority.NamesOf(_folder));
                }

#pragma warning disable CA2000 // Kept until the next one.
                X509Certificate2 next = CertificateAuthority.LoadServer(_folder);
#pragma warning restore CA2000
                _registry.Note("os:" + Environment.UserName, new(
                    ActKind.ServerCertificateRenewed, next.Subject, ("certificate", Sha256Hash.Of(next.RawDataMemory.Span).ToString())));
                Volatile.Write(ref _options, OptionsOf(next));

                // The one before is not disposed: handshakes may be under way with it.
                Volatile.Write(ref _certificate, next);
                LogRenewed(new DateTimeOffset(next.NotAfter).ToUniversalTime());
            }
            catch (Exception fault) when (fault is InvoicingException or CryptographicException or IOException or UnauthorizedAccessException)
            {
                LogNotRenewed(until.ToUniversalTime(), fault.Message);
            }
        }
    }

    [LoggerMessage(3060, LogLevel.Information, "The server's certificate was renewed; it ends at {End}")]
    private partial void LogRenewed(DateTimeOffset end);

    [LoggerMessage(3061, LogLevel.Error, "The server's certificate, which ends at {End}, cannot be renewed: {Reason}")]
    private partial void LogNotRenewed(DateTimeOffset end, string reason);
}
