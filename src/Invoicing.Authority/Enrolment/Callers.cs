using System.Net;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Authority.Gate;
using Invoicing.Hashing;

namespace Invoicing.Authority.Enrolment;

/// <summary>Who calls: the client that a connection's certificate was issued to, and whether it is let in now.</summary>
/// <remarks>
/// TLS proves that the caller holds the certificate's key. Which certificates are let in, the registry says: it lists each one by its hash.
/// Root and issuing certificates are asked only to tell a refused caller why.
/// </remarks>
internal sealed partial class Callers(
    AuthorityRegistry registry, X509Certificate2 root, X509Certificate2Collection issuing, TimeProvider time, ILogger<Callers> logger)
{
    /// <summary>How long behind its end a device's certificate still opens the renewal, and nothing else.</summary>
    public static readonly TimeSpan RenewalGrace = TimeSpan.FromDays(400);

    private readonly ILogger _logger = logger;
    private readonly RefusalLog _refusals = new(time);

    /// <summary>The root's certificate (DER).</summary>
    public ReadOnlyMemory<byte> Root => root.RawDataMemory;

    /// <summary>The caller, if it is let in for one of some roles.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED without a certificate; PERMISSION_DENIED with another, and why.</exception>
    public RegisteredClient Require(ServerCallContext call, params ReadOnlySpan<ClientRole> roles)
    {
        try
        {
            KnownCaller caller = Find(call);
            RegisteredClient client = caller.Client;
            string? why = WhyNot(client, roles) ?? AuthorityRegistry.WhyOut(client) ?? WhyNotNow(caller);
            if (why is not null)
            {
                throw Denied(why);
            }

            call.GetHttpContext().Features.Get<GateTicket>()?.Admit();
            return client;
        }
        catch (RpcException refusal)
        {
            Tell(call, refusal);
            throw;
        }
    }

    /// <summary>The device that wants another certificate: its own may have ended, and it may be suspended.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED without a certificate; PERMISSION_DENIED with another, and why.</exception>
    public RegisteredClient RequireForRenewal(ServerCallContext call)
    {
        try
        {
            KnownCaller caller = Find(call);
            DateTimeOffset last = caller.Certificate.NotAfter + RenewalGrace;
            return WhyNot(caller.Client, [ClientRole.Device]) is { } role ? throw Denied(role)
                : caller.Client.Standing is not (ClientStanding.Active or ClientStanding.Suspended) ? throw Denied(AuthorityRegistry.WhyOut(caller.Client)!)
                : !caller.Certificate.IsCurrent ? throw Denied(WhyNotNow(caller)!)
                : time.GetUtcNow() > last ? throw Denied(
                    $"certificate of device '{caller.Client.Name}': expected a renewal up to {RenewalGrace.TotalDays} days behind its end, until {last:u}, found {time.GetUtcNow():u}: enrol the device anew with an activation code")
                : caller.Client;
        }
        catch (RpcException refusal)
        {
            Tell(call, refusal);
            throw;
        }
    }

    private void Tell(ServerCallContext call, RpcException refusal)
    {
        ConnectionInfo connection = call.GetHttpContext().Connection;
        var address = AddressKey.Of(connection.RemoteIpAddress is { } ip ? new IPEndPoint(ip, connection.RemotePort) : null);
        if (!_refusals.MayTell(address, out long untold))
        {
            return;
        }

        LogRefused(call.Peer, call.Method, refusal.Status.Detail);
        if (untold > 0)
        {
            LogUntold(untold, address);
        }
    }

    private static RpcException Denied(string why) => new(new Status(StatusCode.PermissionDenied, why));

    private static string? WhyNot(RegisteredClient client, ReadOnlySpan<ClientRole> roles)
    {
        if (roles.Contains(client.Role))
        {
            return null;
        }

        string found = $"found that of {AuthorityRegistry.WordOf(client.Role)} '{client.Name}'";
        return roles[0] == ClientRole.Follower
            ? $"expected a certificate of a follower, {found}: ask for one by 'authority followers add'"
            : $"expected a certificate of {(roles[0] == ClientRole.Operator ? "an operator" : "a device")}, {found}";
    }

    private string? WhyNotNow(KnownCaller caller)
    {
        RegisteredCertificate certificate = caller.Certificate;
        DateTimeOffset now = time.GetUtcNow();
        string what = $"certificate of {AuthorityRegistry.WordOf(caller.Client.Role)} '{caller.Client.Name}'";
        return !certificate.IsCurrent ? $"{what}: expected one of the two newest, found {certificate.Hash}, which was replaced: use the newest one"
            : now < certificate.NotBefore ? $"{what}: expected a time from {certificate.NotBefore:u} on, found {now:u}: the authority's clock may be wrong"
            : now <= certificate.NotAfter ? null
            : caller.Client.Role == ClientRole.Device
                ? $"{what}: expected a time until {certificate.NotAfter:u}, found {now:u}: renew it, to which it is good until {certificate.NotAfter + RenewalGrace:u}"
            : $"{what}: expected a time until {certificate.NotAfter:u}, found {now:u}: ask the authority for another bundle";
    }

    private KnownCaller Find(ServerCallContext call)
    {
        X509Certificate2 certificate = call.GetHttpContext().Connection.ClientCertificate
            ?? throw new RpcException(new Status(StatusCode.Unauthenticated, "expected a client certificate issued by this authority, found none"));
        var hash = Sha256Hash.Of(certificate.RawDataMemory.Span);
        return registry.Find(hash) ?? throw Denied(WhyUnknown(certificate, hash));
    }

    private string WhyUnknown(X509Certificate2 certificate, Sha256Hash hash)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.ExtraStore.AddRange(issuing);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return chain.Build(certificate)
            ? $"expected the certificate of a known device or follower, found {hash} ('{certificate.Subject}'), which this authority issued and does not list any more"
            : $"expected a certificate issued by this authority, found one of '{certificate.Issuer}'";
    }

    [LoggerMessage(3007, LogLevel.Warning, "{Count} more calls of {Address} were refused before this one")]
    private partial void LogUntold(long count, AddressKey address);

    [LoggerMessage(3003, LogLevel.Warning, "Caller {Peer} of {Method} was refused: {Reason}")]
    private partial void LogRefused(string peer, string method, string reason);
}
