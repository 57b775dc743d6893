using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Invoicing.Authority.Enrolment;
using Invoicing.Chain;
using Invoicing.Enrolment;
using Invoicing.Protos.V1;
using Invoicing.Signing;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Hosting;

/// <summary>A till before and after its enrolment: its two keys, its request, and what the authority gave it.</summary>
internal sealed class OpenTill : IDisposable
{
    private ECDsa _transportKey;

    public OpenTill()
    {
        (_transportKey, Request) = KeyRequest.Make("till");
    }

    /// <summary>The newest certificate request (DER).</summary>
    public byte[] Request { get; set; }

    public SoftwareSigner Signer { get; set; } = SoftwareSigner.Create();

    /// <summary>The newest certificate with its key.</summary>
    public ClientBundle Bundle { get; private set; } = null!;

    public EnrolmentGrant Grant => EnrolmentGrant.Read(Bundle.Enrolment);

    public static GrpcChannel Channel(Uri address, string root, X509Certificate2? own)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(root));
        var handler = new SocketsHttpHandler { SslOptions = new() { CertificateChainPolicy = policy } };
        if (own is not null)
        {
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(own, null, offline: true);
        }

        return GrpcChannel.ForAddress(address, new() { HttpHandler = handler, DisposeHttpClient = true });
    }

    /// <summary>What a till sends with an activation code.</summary>
    public EnrolRequest ToEnrol(ActivationCode code) => new()
    {
        Secret = ByteString.CopyFrom(code.Secret),
        Request = ByteString.CopyFrom(Request),
        SigningKey = ToMessage(PossessionProof.Make(Signer, PossessionPurpose.Enrol, PossessionProof.EnrolStatement(Request))),
        Software = "till 1.0",
    };

    /// <summary>Enrols.</summary>
    public Task<EnrolResponse> EnrolAsync(AuthorityHost host, ActivationCode code) => EnrolAsync(host.ConnectWithoutCertificate(), ToEnrol(code));

    public async Task<EnrolResponse> EnrolAsync(GrpcChannel channel, EnrolRequest request)
    {
        EnrolResponse response = await new EnrolmentService.EnrolmentServiceClient(channel)
            .EnrolAsync(request, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync.Soon(TimeSpan.FromSeconds(30));
        Take(response.Certificates, response.Enrolment.Memory);
        return response;
    }

    /// <summary>Makes another transport key and its request.</summary>
    public void MakeAnotherKey()
    {
        _transportKey.Dispose();
        (_transportKey, Request) = KeyRequest.Make("till");
    }

    public RenewRequest ToRenew(ChainId chain, SoftwareSigner? by = null, params IEnumerable<SignedEntry> keyChanges)
    {
        var proof = PossessionProof.Make(
            by ?? Signer, PossessionPurpose.Renew, PossessionProof.RenewStatement(Request, chain),
            [.. keyChanges.Select(c => new ReceivedEntry(c.Body, c.Signature))]);
        return new()
        {
            Request = ByteString.CopyFrom(Request),
            Chain = ByteString.CopyFrom(chain.ToArray()),
            Proof = ToMessage(proof),
            Software = "till 1.1",
        };
    }

    /// <summary>Renews over a channel with the certificate of now.</summary>
    public async Task<RenewResponse> RenewAsync(GrpcChannel channel, RenewRequest request)
    {
        RenewResponse response = await new EnrolmentService.EnrolmentServiceClient(channel)
            .RenewAsync(request, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync.Soon(TimeSpan.FromSeconds(30));
        Take(response.Certificates, Bundle.Enrolment);
        return response;
    }

    /// <summary>The status that a call is refused with.</summary>
    public static async Task<Status> RefusalAsync<T>(Task<T> call) => (await Assert.ThrowsAsync<RpcException>(() => call)).Status;

    public void Dispose()
    {
        _transportKey.Dispose();
        Signer.Dispose();
    }

    private static KeyPossession ToMessage(PossessionProof proof)
    {
        var message = new KeyPossession { PublicKey = ByteString.CopyFrom(proof.PublicKey.Span), Signature = ByteString.CopyFrom(proof.Signature.ToArray()) };
        message.KeyChanges.AddRange(proof.KeyChanges.Select(
            c => new KeyChangeEntry { Body = ByteString.CopyFrom(c.Body.Span), Signature = ByteString.CopyFrom(c.Signature.ToArray()) }));
        return message;
    }

    private void Take(IssuedCertificates issued, ReadOnlyMemory<byte> enrolment)
    {
        string Pem(ByteString der)
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der.Span);
            return certificate.ExportCertificatePem() + "\n";
        }

        Bundle = new(
            "till", Pem(issued.Certificate) + Pem(issued.Issuers[0]), _transportKey.ExportPkcs8PrivateKeyPem(), Pem(issued.Issuers[^1]), enrolment);
    }
}
