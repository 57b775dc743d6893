using System.Collections.Immutable;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Net.Client;
using Invoicing.Chain;
using Invoicing.Enrolment;
using Invoicing.Gateway.Clocks;
using Invoicing.Gateway.Keys;
using Invoicing.Hashing;
using Invoicing.Signing;
using Microsoft.Extensions.Logging.Abstractions;
using Wire = Invoicing.Protos.V1;

namespace Invoicing.Gateway.Enrolment;

/// <summary>Enrols a device: makes its keys, asks the authority for a certificate with the activation code, and keeps what it gets.</summary>
public static class DeviceEnrolment
{
    /// <summary>Most bytes of a root. Source: <c>enrolment.proto</c>.</summary>
    private const int MaxRoot = 4 * 1024;

    /// <summary>Enrols the device, or goes on with an enrolment that was interrupted.</summary>
    /// <remarks>
    /// Both keys and the request are on the disk before the code's secret is sent, and it is sent to nobody but a server that leads to the root
    /// that the code names. Interrupted at any point, the same call again goes on with the same request and gets the same certificate. When it
    /// returns, the identity is on the disk; <see cref="GatewayOptions.IdentityPath"/> then takes it.
    /// </remarks>
    /// <param name="options">What it is enrolled with.</param>
    /// <param name="cancellationToken">Ends it; the same call again goes on.</param>
    /// <exception cref="ArgumentException">An option is missing or does not fit; names it.</exception>
    /// <exception cref="InvoicingException">
    /// The authority is not trusted, cannot be reached (<see cref="InvoicingException.IsTransient"/>), or refuses; or the device is enrolled
    /// already by another code, or has a journal. Says what to do.
    /// </exception>
    public static Task<EnrolledDevice> EnrolAsync(EnrolmentOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Fault() is { } fault ? throw new ArgumentException(fault, nameof(options)) : EnrolAsync(options, step: null, cancellationToken);
    }

    internal static async Task<EnrolledDevice> EnrolAsync(EnrolmentOptions options, Action<string>? step, CancellationToken cancellationToken)
    {
        var clock = new DeviceClock(options.Time);
        using var folder = IdentityFolder.Open(options.IdentityPath, step, KeySeal.Of(options.Keys));
        byte[] activation = ActivationCode.HashOf(options.Code.Secret).ToArray();
        if (folder.Read() is { } before)
        {
            return before.Activation.Span.SequenceEqual(activation)
                ? Done(folder, before, difference: null, wasEnrolled: true)
                : throw new InvoicingException(
                    $"{folder.Path}: expected a device that is not enrolled, found '{before.Name}'; a new enrolment needs a new folder and a new journal");
        }

        if (File.Exists(options.JournalPath))
        {
            throw new InvoicingException($"{options.JournalPath}: expected no journal yet, found one: a new enrolment begins a new journal");
        }

        KeyLocation place = options.SigningKey ?? new KeyLocation.InFile(Path.GetFullPath(options.JournalPath + ".key"));
        var keys = new SigningKeys(options.Keys, options.Time, NullLogger.Instance);
        using ISigner? made = options.Signer is null ? keys.Read(place) ?? keys.Create(place) : null;
        PendingCertificate pending = Pending(folder, activation);
        ReadOnlyMemory<byte> root = await RootAsync(options, cancellationToken).ConfigureAwait(false);
        DeviceIdentity identity = await AskAsync(options, options.Signer ?? made!, pending, root, clock, cancellationToken).ConfigureAwait(false);
        folder.Write(identity);
        return Done(folder, identity, clock.Difference, wasEnrolled: false);
    }

    /// <summary>The same code goes on with the same request; another code is another enrolment.</summary>
    private static PendingCertificate Pending(IdentityFolder folder, byte[] activation)
    {
        if (folder.ReadPending() is { } kept && kept.Activation.Span.SequenceEqual(activation))
        {
            return kept;
        }

        var pending = PendingCertificate.Create(activation);
        folder.Write(pending);
        return pending;
    }

    private static EnrolledDevice Done(IdentityFolder folder, DeviceIdentity identity, TimeSpan? difference, bool wasEnrolled)
    {
        folder.ForgetPending();
        return new(EnrolmentGrant.Read(identity.Enrolment), identity.Life().Until, difference, wasEnrolled);
    }

    /// <summary>Asks for the root, and takes the one that the code names and no other.</summary>
    private static async Task<ReadOnlyMemory<byte>> RootAsync(EnrolmentOptions options, CancellationToken cancellationToken)
    {
        using GrpcChannel channel = AuthorityChannel.CreateForRoot(options.Authority);
        var client = new Wire.EnrolmentService.EnrolmentServiceClient(channel);
        Wire.GetRootResponse answer = await EnrolmentCalls.AskAsync(
            options.Authority, options.Time, token => client.GetRootAsync(new(), cancellationToken: token), cancellationToken).ConfigureAwait(false);
        return answer.Root.Length is > 0 and <= MaxRoot && options.Code.Names(answer.Root.Span)
            ? answer.Root.ToByteArray()
            : throw new EnrolmentFailedException(
                $"{options.Authority} is not trusted: expected the authority whose root the activation code names, found another root; "
                + "compare the address with the one that came with the code. The code was not sent", EnrolmentFailure.NotTrusted);
    }

    private static async Task<DeviceIdentity> AskAsync(
        EnrolmentOptions options, ISigner signer, PendingCertificate pending, ReadOnlyMemory<byte> root, DeviceClock clock, CancellationToken cancellationToken)
    {
        using GrpcChannel channel = AuthorityChannel.CreateFirst(options.Authority, root, clock);
        var client = new Wire.EnrolmentService.EnrolmentServiceClient(channel);
        var request = new Wire.EnrolRequest
        {
            Secret = ByteString.CopyFrom(options.Code.Secret),
            Request = ByteString.CopyFrom(pending.Request.Span),
            SigningKey = EnrolmentCalls.Of(
                PossessionProof.Make(signer, PossessionPurpose.Enrol, PossessionProof.EnrolStatement(pending.Request.Span))),
            Software = options.Software,
        };
        Wire.EnrolResponse answer = await EnrolmentCalls.AskAsync(
            options.Authority, options.Time, token => client.EnrolAsync(request, cancellationToken: token), cancellationToken).ConfigureAwait(false);
        clock.Authority.Hear(answer.AuthorityTime);
        ImmutableArray<ReadOnlyMemory<byte>> certificates = IssuedPath.Take(answer.Certificates, pending, root, clock.Best);
        EnrolmentGrant grant = Take(answer.Enrolment.ToByteArray(), certificates[0].Span, signer);
        return new(grant.Device, certificates, pending.PrivateKey, grant.Bytes, pending.Activation);
    }

    private static EnrolmentGrant Take(byte[] record, ReadOnlySpan<byte> certificate, ISigner signer)
    {
        EnrolmentGrant grant;
        try
        {
            grant = EnrolmentGrant.Read(record);
        }
        catch (InvoicingException fault)
        {
            throw new EnrolmentFailedException($"the authority's answer: {fault.Message}", EnrolmentFailure.WrongAnswer, fault);
        }

        return !grant.SigningKey.Span.SequenceEqual(signer.PublicKey.Span)
            ? throw new EnrolmentFailedException("expected this device's signing key in the enrolment, found another", EnrolmentFailure.WrongAnswer)
            : grant.CertificateHash != new Sha256Hash(SHA256.HashData(certificate))
                ? throw new EnrolmentFailedException("expected the issued certificate in the enrolment, found another", EnrolmentFailure.WrongAnswer)
                : grant;
    }
}
