using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Invoicing.Authority.Gate;
using Invoicing.Hashing;

namespace Invoicing.Authority.Enrolment;

/// <summary>Who calls: the client that a connection's certificate was issued to.</summary>
/// <remarks>
/// TLS proves that the caller holds the certificate's key. Which certificates are let in, the registry says: it lists each one by its hash.
/// The root is asked only to tell a refused caller why. A connection's certificate is hashed once.
/// </remarks>
internal sealed partial class Callers(ClientRegistry registry, X509Certificate2 root, TimeProvider time, ILogger<Callers> logger)
{
    private readonly ILogger _logger = logger;
    private readonly ConditionalWeakTable<X509Certificate2, ClientRecord> _seen = [];

    /// <summary>The caller, if its certificate is let in for a role.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED without a certificate; PERMISSION_DENIED with another, and why.</exception>
    public ClientRecord Require(ServerCallContext call, ClientRole role)
    {
        try
        {
            ClientRecord client = Find(call, role);
            call.GetHttpContext().Features.Get<GateTicket>()?.Admit();
            return client;
        }
        catch (RpcException refusal)
        {
            LogRefused(call.Peer, call.Method, refusal.Status.Detail);
            throw;
        }
    }

    private ClientRecord Find(ServerCallContext call, ClientRole role)
    {
        X509Certificate2 certificate = call.GetHttpContext().Connection.ClientCertificate
            ?? throw new RpcException(new Status(StatusCode.Unauthenticated, "expected a client certificate issued by this authority, found none"));
        if (!_seen.TryGetValue(certificate, out ClientRecord? client))
        {
            Sha256Hash hash = ClientRecord.HashOf(certificate);
            client = registry.Find(hash) ?? throw Denied(WhyUnknown(certificate, hash));
            _seen.AddOrUpdate(certificate, client);
        }

        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset from = new(certificate.NotBefore);
        DateTimeOffset until = new(certificate.NotAfter);
        if (now < from || now > until)
        {
            throw Denied($"certificate of '{client.Name}': expected a time from {from.ToUniversalTime():u} to {until.ToUniversalTime():u}, found {now:u}");
        }

        return client.Role == role ? client : throw Denied(
            role == ClientRole.Follower
                ? $"expected a certificate of a follower, found that of device '{client.Name}': ask for one by 'authority followers add'"
                : $"expected a certificate of a device, found that of follower '{client.Name}'");
    }

    private static RpcException Denied(string why) => new(new Status(StatusCode.PermissionDenied, why));

    [LoggerMessage(3003, LogLevel.Warning, "Caller {Peer} of {Method} was refused: {Reason}")]
    private partial void LogRefused(string peer, string method, string reason);

    private string WhyUnknown(X509Certificate2 certificate, Sha256Hash hash)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return chain.Build(certificate)
            ? $"expected the certificate of a known device or follower, found {hash} ('{certificate.Subject}'), which this authority issued and does not list any more"
            : $"expected a certificate issued by this authority, found one of '{certificate.Issuer}'";
    }
}
