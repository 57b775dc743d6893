using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Net.Client;
using Invoicing.Chain;
using Invoicing.Gateway.Clocks;
using Invoicing.Signing;
using Wire = Invoicing.Protos.V1;

namespace Invoicing.Gateway.Enrolment;

/// <summary>Renews a device's certificate: a new key, proven by the certificate that is to end, or has, and by the chain's signing key.</summary>
internal static class CertificateRenewal
{
    /// <summary>Renews it, or goes on with a renewal that was interrupted.</summary>
    /// <param name="folder">Where the identity is kept.</param>
    /// <param name="request">What is told to the authority.</param>
    /// <param name="clock">The best known time; hears the authority's.</param>
    /// <param name="cancellationToken">Ends it; the same call again goes on.</param>
    /// <returns>The new identity, which is on the disk.</returns>
    /// <exception cref="EnrolmentFailedException">It did not come about; the identity is as it was.</exception>
    /// <exception cref="SignerUnavailableException">The chain's key cannot be used now.</exception>
    /// <exception cref="InvoicingException">The disk refuses.</exception>
    public static async Task<DeviceIdentity> RunAsync(
        IdentityFolder folder, RenewalRequest request, DeviceClock clock, CancellationToken cancellationToken)
    {
        DeviceIdentity current = request.Identity;
        PendingCertificate pending = Pending(folder, current);
        using GrpcChannel channel = AuthorityChannel.Create(request.Authority, current, clock);
        var client = new Wire.EnrolmentService.EnrolmentServiceClient(channel);
        var renew = new Wire.RenewRequest
        {
            Request = ByteString.CopyFrom(pending.Request.Span),
            Chain = ByteString.CopyFrom(request.Chain.ToArray()),
            Proof = EnrolmentCalls.Of(PossessionProof.Make(
                request.Signer, PossessionPurpose.Renew, PossessionProof.RenewStatement(pending.Request.Span, request.Chain), request.KeyChanges)),
            Software = request.Software,
        };
        try
        {
            Wire.RenewResponse answer = await EnrolmentCalls.AskAsync(
                request.Authority, clock, token => client.RenewAsync(renew, cancellationToken: token), cancellationToken).ConfigureAwait(false);
            clock.Authority.Hear(answer.AuthorityTime);
            DeviceIdentity renewed = current with
            {
                Certificates = IssuedPath.Take(answer.Certificates, pending, current.Root, clock.Best),
                PrivateKey = pending.PrivateKey,
            };
            folder.Write(renewed);
            folder.ForgetPending();
            return renewed;
        }
        catch (EnrolmentFailedException fault) when (fault.Failure is EnrolmentFailure.Malformed or EnrolmentFailure.WrongAnswer)
        {
            // Sent again it would fare the same: the next try makes another.
            folder.ForgetPending();
            throw;
        }
    }

    /// <summary>
    /// The renewal that was under way; else a new one. A pending key that the identity bears already was answered, and the process died before it
    /// was forgotten.
    /// </summary>
    private static PendingCertificate Pending(IdentityFolder folder, DeviceIdentity current)
    {
        if (folder.ReadPending() is { IsRenewal: true } kept)
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(current.Certificates[0].Span);
            if (!certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(kept.PublicKey()))
            {
                return kept;
            }
        }

        var pending = PendingCertificate.Create(activation: default);
        folder.Write(pending);
        return pending;
    }
}
