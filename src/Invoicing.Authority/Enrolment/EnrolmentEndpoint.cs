using System.Collections.Immutable;
using Google.Protobuf;
using Grpc.Core;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Authority.Ledger;
using Invoicing.Chain;
using Invoicing.Enrolment;
using Invoicing.Protos.V1;
using Invoicing.Signing;

namespace Invoicing.Authority.Enrolment;

/// <summary>The service of <c>enrolment.proto</c>: lets devices in by their activation code, and renews their certificates.</summary>
internal sealed partial class EnrolmentEndpoint(
    AuthorityRegistry registry, Callers callers, LedgerLookup ledger, EnrolmentLimits limits, TimeProvider time, ILogger<EnrolmentEndpoint> logger)
    : EnrolmentService.EnrolmentServiceBase
{
    /// <summary>Most characters of the name and version of a program.</summary>
    public const int MaxSoftware = 100;

    private readonly ILogger _logger = logger;
    private readonly KeyRing _keys = new();

    /// <summary>The root that clients trust: a device that has an activation code knows it by its fingerprint. Nothing secret is in it.</summary>
    public override Task<GetRootResponse> GetRoot(GetRootRequest request, ServerCallContext context) =>
        Task.FromResult(new GetRootResponse { Root = ByteString.CopyFrom(callers.Root.Span) });

    /// <summary>A device is enrolled.</summary>
    public override async Task<EnrolResponse> Enrol(EnrolRequest request, ServerCallContext context)
    {
        try
        {
            limits.TakeEnrolment(context.GetHttpContext().Connection.RemoteIpAddress);
            Require(request.Secret.Length == ActivationCode.SecretLength, $"secret: expected {ActivationCode.SecretLength} bytes, found {request.Secret.Length}");
            KeyRequest key = ReadRequest(request.Request, request.Software);
            PossessionProof proof = ReadProof(request.SigningKey, "signing_key");
            Require(proof.KeyChanges.IsEmpty, $"signing_key: expected no key changes, found {proof.KeyChanges.Length}");
            if (proof.Verify(_keys, PossessionPurpose.Enrol, PossessionProof.EnrolStatement(request.Request.Span), default, inForce: []) is { } fault)
            {
                throw new RpcException(new Status(StatusCode.PermissionDenied, $"signing_key: {fault}"));
            }

            ChainLink? predecessor = registry.PredecessorOf(request.Secret.Span) is { } before
                ? await ledger.HeadAsync(before.Grant!, context.CancellationToken) : null;
            IssuedClient issued = registry.Enrol(request.Secret.Span, key, proof.PublicKey, predecessor, request.Software);
            LogEnrolled(issued.Client.Name, context.Peer, request.Software);
            return new()
            {
                Certificates = ToMessage(issued),
                Enrolment = ByteString.CopyFrom(issued.Client.Grant!.Bytes.Span),
                AuthorityTime = time.GetUtcNow().ToUnixTimeMilliseconds(),
            };
        }
        catch (RpcException refusal)
        {
            if (refusal.StatusCode != StatusCode.ResourceExhausted)
            {
                LogRefused(nameof(Enrol), context.Peer, refusal.StatusCode, refusal.Status.Detail);
            }

            throw;
        }
        catch (InvoicingException fault)
        {
            throw Translate(nameof(Enrol), context, fault);
        }
    }

    /// <summary>A device gets another certificate.</summary>
    public override async Task<RenewResponse> Renew(RenewRequest request, ServerCallContext context)
    {
        RegisteredClient device = callers.RequireForRenewal(context);
        try
        {
            limits.TakeRenewal(device);
            KeyRequest key = ReadRequest(request.Request, request.Software);
            Require(request.Chain.Length == ChainId.Length, $"chain: expected {ChainId.Length} bytes, found {request.Chain.Length}");
            PossessionProof proof = ReadProof(request.Proof, "proof");
            var chain = new ChainId(request.Chain.Span);
            ChainOpening known = await ledger.FindAsync(chain, device.Grant!.Hash, context.CancellationToken);
            ReadOnlyMemory<byte> inForce = KeyInForce(device, chain, known);
            if (proof.Verify(_keys, PossessionPurpose.Renew, PossessionProof.RenewStatement(request.Request.Span, chain), chain, inForce.Span) is { } fault)
            {
                throw new RpcException(new Status(StatusCode.PermissionDenied, $"proof: {fault}"));
            }

            IssuedClient issued = registry.Renew(device.Id, key, request.Software);
            LogRenewed(issued.Client.Name, context.Peer, issued.Client.CertificateEnd);
            return new() { Certificates = ToMessage(issued), AuthorityTime = time.GetUtcNow().ToUnixTimeMilliseconds() };
        }
        catch (RpcException refusal)
        {
            if (refusal.StatusCode != StatusCode.ResourceExhausted)
            {
                LogRefused(nameof(Renew), context.Peer, refusal.StatusCode, refusal.Status.Detail);
            }

            throw;
        }
        catch (InvoicingException fault)
        {
            throw Translate(nameof(Renew), context, fault);
        }
    }

    /// <summary>The key that must prove a renewal: the chain's, as the ledger knows it, else the one that the device was enrolled with.</summary>
    private static ReadOnlyMemory<byte> KeyInForce(RegisteredClient device, ChainId chain, ChainOpening known)
    {
        EnrolmentGrant own = device.Grant!;
        string? fault = known.Standing is { } standing && standing.Enrolment.Id != own.Id
                ? $"chain: expected that of device '{device.Name}', found {chain} of device '{standing.Enrolment.Device}'"
            : known.Standing is null && known.EnrolmentUser is { } user ? $"chain: expected {user}, which was started on this device's enrolment, found {chain}"
            : known.Standing is not { IsStored: true } && own.SigningKey.IsEmpty
                ? $"device '{device.Name}' was enrolled by a bundle, and nothing of its chain is stored here: expected a key to prove the renewal by, found none; deliver the chain first, or enrol anew with an activation code"
            : null;
        return fault is not null ? throw new RpcException(new Status(StatusCode.PermissionDenied, fault))
            : known.Standing is { IsStored: true } stored ? stored.State.PublicKey : own.SigningKey;
    }

    private static IssuedCertificates ToMessage(IssuedClient issued)
    {
        var message = new IssuedCertificates { Certificate = ByteString.CopyFrom(issued.Certificate) };
        message.Issuers.AddRange(issued.Issuers.Select(i => ByteString.CopyFrom(i)));
        return message;
    }

    private static KeyRequest ReadRequest(ByteString bytes, string software)
    {
        Require(
            software.Length <= MaxSoftware && !software.Any(char.IsControl),
            $"software: expected at most {MaxSoftware} characters and no control characters, found {software.Length}");
        string? fault = KeyRequest.Read(bytes.ToByteArray(), out KeyRequest? request);
        Require(fault is null, fault ?? string.Empty);
        return request!;
    }

    private static PossessionProof ReadProof(KeyPossession? possession, string field)
    {
        Require(possession is not null, $"{field}: expected a proof of possession, found none");
        Require(
            possession!.PublicKey.Length is > 0 and <= PossessionProof.MaxPublicKey && possession.Signature.Length == EcdsaSignature.Length
                && possession.KeyChanges.Count <= PossessionProof.MaxKeyChanges && possession.KeyChanges.All(c => c.Signature.Length == EcdsaSignature.Length),
            $"{field}: expected a public key of at most {PossessionProof.MaxPublicKey} bytes, signatures of {EcdsaSignature.Length} and at most {PossessionProof.MaxKeyChanges} key changes, found {possession.PublicKey.Length}, {possession.Signature.Length} and {possession.KeyChanges.Count}");
        ImmutableArray<ReceivedEntry> changes = [.. possession.KeyChanges.Select(c => new ReceivedEntry(c.Body.Memory, new(c.Signature.Span)))];
        return new(possession.PublicKey.ToByteArray(), new(possession.Signature.Span), changes);
    }

    private static void Require(bool holds, string fault)
    {
        if (!holds)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, fault));
        }
    }

    /// <summary>What the authority itself lacks: UNAVAILABLE if that passes (a token is out), else FAILED_PRECONDITION (a block is used up).</summary>
    private RpcException Translate(string call, ServerCallContext context, InvoicingException fault)
    {
        StatusCode code = fault.IsTransient ? StatusCode.Unavailable : StatusCode.FailedPrecondition;
        LogRefused(call, context.Peer, code, fault.Message);
        return new(new Status(code, fault.Message));
    }

    [LoggerMessage(3063, LogLevel.Information, "Device {Device} was enrolled from {Peer} with {Software}")]
    private partial void LogEnrolled(string device, string peer, string software);

    [LoggerMessage(3064, LogLevel.Information, "Device {Device} renewed its certificate from {Peer}; the new one ends at {End}")]
    private partial void LogRenewed(string device, string peer, DateTimeOffset end);

    [LoggerMessage(3065, LogLevel.Warning, "{Call} from {Peer} was refused: {Code} {Reason}")]
    private partial void LogRefused(string call, string peer, StatusCode code, string reason);
}
