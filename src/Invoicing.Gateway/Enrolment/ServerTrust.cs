using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Invoicing.Gateway.Clocks;

namespace Invoicing.Gateway.Enrolment;

/// <summary>Decides in the handshake whether a server is the authority: its name, its path to the root, and the times by the best known time.</summary>
/// <remarks>There is no switch that turns any of it off. What is wrong is told by the exception, which ends the handshake.</remarks>
/// <param name="root">The only root that is trusted.</param>
/// <param name="clock">The best known time.</param>
internal sealed class ServerTrust(X509Certificate2 root, DeviceClock clock)
{
    /// <summary>The handshake's callback.</summary>
    /// <exception cref="AuthenticationException">It is not the authority; says why.</exception>
    public bool Verify(object sender, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        X509Certificate2 server = RequireName(certificate, errors);
        X509Certificate2Collection others = sent is null ? [] : [.. sent.ChainPolicy.ExtraStore];
        return CertificatePath.Judge(server, others, root, CertificatePath.Server, clock.Best) is { } fault
            ? throw new AuthenticationException($"the server's certificate {fault}")
            : true;
    }

    /// <summary>The callback of the one call that asks for the root, before there is any to lead to: only the name is judged.</summary>
    /// <exception cref="AuthenticationException">The certificate is another name's.</exception>
    public static bool VerifyName(object sender, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors) =>
        RequireName(certificate, errors) is not null;

    private static X509Certificate2 RequireName(X509Certificate? certificate, SslPolicyErrors errors) =>
        certificate is not X509Certificate2 server || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)
            ? throw new AuthenticationException("the server showed no certificate")
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
                ? throw new AuthenticationException(
                    $"the server's certificate is for {Names(server)}, and not for the name in the authority's address; use a name that it is for")
                : server;

    private static string Names(X509Certificate2 server)
    {
        X509SubjectAlternativeNameExtension? names = server.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        string[] all = names is null ? [] : [.. names.EnumerateDnsNames(), .. names.EnumerateIPAddresses().Select(address => address.ToString())];
        return all.Length == 0 ? "no name" : string.Join(", ", all.Take(8));
    }
}
