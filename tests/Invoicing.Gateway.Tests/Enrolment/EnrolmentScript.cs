using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Invoicing.Chain;
using Invoicing.Enrolment;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Wire = Invoicing.Protos.V1;

namespace Invoicing.Gateway.Tests.Enrolment;

/// <summary>What an authority that enrols does in a test: issues under its certificates, remembers what it was asked, refuses, loses answers, lies.</summary>
internal sealed class EnrolmentScript : IDisposable
{
    private readonly ConcurrentDictionary<string, byte[]> _issued = new();
    private readonly ConcurrentDictionary<string, EnrolmentGrant> _grants = new();
    private readonly KeyRing _keys = new();
    private readonly TestShop _shop;

    public EnrolmentScript(TestShop shop, TimeProvider time, TimeSpan? life = null, TestAuthorityCertificates? certificates = null)
    {
        _shop = shop;
        Time = time;
        Life = life ?? TimeSpan.FromDays(90);
        Certificates = certificates ?? new();
        Server = Certificates.Server();
    }

    public TestAuthorityCertificates Certificates { get; }

    /// <summary>What the server shows; to be set before it starts.</summary>
    public X509Certificate2 Server { get; set; }

    public TimeProvider Time { get; set; }

    public TimeSpan Life { get; set; }

    /// <summary>The root that is told, if it is not the true one.</summary>
    public byte[]? ToldRoot { get; set; }

    /// <summary>Secrets that were received.</summary>
    public ConcurrentQueue<byte[]> Secrets { get; } = new();

    public ConcurrentQueue<Wire.EnrolRequest> Enrolments { get; } = new();

    public ConcurrentQueue<Wire.RenewRequest> Renewals { get; } = new();

    /// <summary>Certificates by which streams and renewals came, by their hashes.</summary>
    public ConcurrentQueue<Sha256Hash> Callers { get; } = new();

    /// <summary>Ends so many calls after they were answered: the answer is lost.</summary>
    public int LostAnswers { get; set; }

    /// <summary>Ends every call, if set.</summary>
    public Status? Refusal { get; set; }

    /// <summary>Changes an enrolment's answer.</summary>
    public Action<Wire.EnrolResponse>? Bend { get; set; }

    /// <summary>Changes a renewal's answer.</summary>
    public Action<Wire.RenewResponse>? BendRenewal { get; set; }

    /// <summary>The chain's key in force as the authority knows it.</summary>
    public byte[] SigningKey { get; set; } = [];

    /// <summary>How many different certificates were issued.</summary>
    public int Issued => _issued.Count;

    public ActivationCode NewCode() => ActivationCode.Create(Certificates.Root.RawData);

    public void Dispose()
    {
        Certificates.Dispose();
        Server.Dispose();
    }

    internal Wire.GetRootResponse Root() => new() { Root = ByteString.CopyFrom(ToldRoot ?? Certificates.Root.RawData) };

    internal Wire.EnrolResponse Enrol(Wire.EnrolRequest request)
    {
        Secrets.Enqueue(request.Secret.ToByteArray());
        Enrolments.Enqueue(request);
        RefuseIfTold();
        Require(Proof(request.SigningKey).Verify(
            _keys, PossessionPurpose.Enrol, PossessionProof.EnrolStatement(request.Request.Span), ChainId.Create(), default));
        SigningKey = request.SigningKey.PublicKey.ToByteArray();
        byte[] certificate = Issue(request.Request.Span);
        EnrolmentGrant grant = _grants.GetOrAdd(Convert.ToHexString(certificate), _ => EnrolmentGrant.Create(
            "shop-7", _shop.Enrolment.Seller, InvoiceKind.Vat, Sha256Hash.Of(certificate), [new(TestShop.Block, 0, 9_999)],
            [new(InvoiceSeries.Parse("C26MAA"), 1, 5_000)], [_shop.AuthorityKey.PublicKey], Time.GetUtcNow().ToUnixTimeMilliseconds(), SigningKey));
        var response = new Wire.EnrolResponse
        {
            Certificates = Path(certificate),
            Enrolment = ByteString.CopyFrom(grant.Bytes.Span),
            AuthorityTime = Time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        Bend?.Invoke(response);
        LoseIfTold();
        return response;
    }

    internal Wire.RenewResponse Renew(Wire.RenewRequest request, X509Certificate2? caller)
    {
        Renewals.Enqueue(request);
        if (caller is null)
        {
            throw new RpcException(new(StatusCode.Unauthenticated, "expected a client certificate, found none"));
        }

        Callers.Enqueue(Sha256Hash.Of(caller.RawData));
        RefuseIfTold();
        var chain = new ChainId(request.Chain.Span);
        Require(Proof(request.Proof).Verify(
            _keys, PossessionPurpose.Renew, PossessionProof.RenewStatement(request.Request.Span, chain), chain, SigningKey));
        var response = new Wire.RenewResponse
        {
            Certificates = Path(Issue(request.Request.Span)),
            AuthorityTime = Time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        BendRenewal?.Invoke(response);
        LoseIfTold();
        return response;
    }

    private static PossessionProof Proof(Wire.KeyPossession wire) => new(
        wire.PublicKey.ToByteArray(), new(wire.Signature.Span),
        [.. wire.KeyChanges.Select(change => new ReceivedEntry(change.Body.ToByteArray(), new(change.Signature.Span)))]);

    private static void Require(string? fault)
    {
        if (fault is not null)
        {
            throw new RpcException(new(StatusCode.PermissionDenied, fault));
        }
    }

    private void RefuseIfTold()
    {
        if (Refusal is { } refusal)
        {
            throw new RpcException(refusal);
        }
    }

    private void LoseIfTold()
    {
        if (LostAnswers > 0)
        {
            LostAnswers--;
            throw new RpcException(new(StatusCode.Unavailable, "the line broke"));
        }
    }

    /// <summary>The same request gets the same certificate, as the contract says.</summary>
    private byte[] Issue(ReadOnlySpan<byte> request)
    {
        byte[] asked = request.ToArray();
        DateTimeOffset now = Time.GetUtcNow();
        return _issued.GetOrAdd(Convert.ToHexString(asked), _ => Certificates.Client("shop-7", asked, now.AddHours(-1), now + Life));
    }

    private Wire.IssuedCertificates Path(byte[] certificate)
    {
        var path = new Wire.IssuedCertificates { Certificate = ByteString.CopyFrom(certificate) };
        path.Issuers.Add(ByteString.CopyFrom(Certificates.Issuing.RawData));
        path.Issuers.Add(ByteString.CopyFrom(Certificates.Root.RawData));
        return path;
    }
}
