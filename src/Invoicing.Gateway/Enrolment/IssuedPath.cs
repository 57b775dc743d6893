using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Invoicing.Gateway.Clocks;
using Wire = Invoicing.Protos.V1;

namespace Invoicing.Gateway.Enrolment;

/// <summary>Takes a certificate that the authority issued, if it is the one that was asked for.</summary>
internal static class IssuedPath
{
    /// <summary>Most certificates that one leads to. Source: <c>enrolment.proto</c>.</summary>
    private const int MaxIssuers = DeviceIdentity.MaxCertificates - 1;

    /// <summary>Takes it.</summary>
    /// <param name="issued">The answer.</param>
    /// <param name="pending">What was asked for.</param>
    /// <param name="root">The root that is trusted (DER).</param>
    /// <param name="time">The best known time.</param>
    /// <returns>The device's own certificate and what it leads to, the root last.</returns>
    /// <exception cref="EnrolmentFailedException">It is another; says which.</exception>
    public static ImmutableArray<ReadOnlyMemory<byte>> Take(
        Wire.IssuedCertificates? issued, PendingCertificate pending, ReadOnlyMemory<byte> root, KnownTime time)
    {
        if (issued is null || issued.Issuers.Count is 0 or > MaxIssuers)
        {
            throw Wrong($"a certificate and 1 to {MaxIssuers} that it leads to", issued is null ? "none" : $"{issued.Issuers.Count}");
        }

        var others = new X509Certificate2Collection();
        try
        {
            using X509Certificate2 own = X509CertificateLoader.LoadCertificate(issued.Certificate.Span);
            using X509Certificate2 trusted = X509CertificateLoader.LoadCertificate(root.Span);
            foreach (ByteString issuer in issued.Issuers)
            {
                others.Add(X509CertificateLoader.LoadCertificate(issuer.Span));
            }

            if (!own.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(pending.PublicKey()))
            {
                throw Wrong("a certificate of the key in the request", $"one of another key, '{own.Subject}'");
            }

            if (!issued.Issuers[^1].Span.SequenceEqual(root.Span))
            {
                throw Wrong("the trusted root as the last certificate", $"'{others[^1].Subject}', which is another");
            }

            // Its life may begin a moment after what our clock shows; that it is over is another matter.
            return CertificatePath.Judge(own, others, trusted, CertificatePath.Client, time with { IsLowerBound = true }) is { } fault
                ? throw new EnrolmentFailedException($"the certificate that the authority issued {fault}", EnrolmentFailure.WrongAnswer)
                : [own.RawData, .. others.Select(one => (ReadOnlyMemory<byte>)one.RawData)];
        }
        catch (CryptographicException fault)
        {
            throw new EnrolmentFailedException(
                $"expected certificates (DER) in the authority's answer, found other bytes: {fault.Message}", EnrolmentFailure.WrongAnswer, fault);
        }
        finally
        {
            foreach (X509Certificate2 one in others)
            {
                one.Dispose();
            }
        }
    }

    private static EnrolmentFailedException Wrong(string expected, string found) =>
        new($"expected {expected} in the authority's answer, found {found}", EnrolmentFailure.WrongAnswer);
}
