using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Invoicing.Gateway.Clocks;

namespace Invoicing.Gateway.Enrolment;

/// <summary>Judges whether a certificate leads to the authority's root, and holds at the best known time.</summary>
/// <remarks>
/// Where only a lower bound of the time is known (our clock woke up in 1970), a certificate that is past its end is refused, for the true time is
/// later still; one whose beginning is yet to come by that bound says nothing, if all of the path holds together from that beginning on: the
/// authority may have renewed its own since we last heard of it.
/// </remarks>
internal static class CertificatePath
{
    /// <summary>Extended key usage of servers.</summary>
    public const string Server = "1.3.6.1.5.5.7.3.1";

    /// <summary>Extended key usage of clients.</summary>
    public const string Client = "1.3.6.1.5.5.7.3.2";

    /// <summary>Judges a certificate.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="others">What came with it.</param>
    /// <param name="root">The only root that is trusted.</param>
    /// <param name="usage">What it is used for; certificates that restrict no use may be used.</param>
    /// <param name="time">The best known time.</param>
    /// <returns><see langword="null"/>, or what is wrong: the rest of a sentence that begins with the certificate.</returns>
    public static string? Judge(
        X509Certificate2 certificate, X509Certificate2Collection others, X509Certificate2 root, string usage, KnownTime time)
    {
        DateTime at = DateTimeOffset.FromUnixTimeMilliseconds(time.At).UtcDateTime;
        string? fault = Judge(certificate, others, root, usage, at, out DateTime begins);
        return fault is not null && time.IsLowerBound && begins > at ? Judge(certificate, others, root, usage, begins, out _) : fault;
    }

    private static string? Judge(
        X509Certificate2 certificate, X509Certificate2Collection others, X509Certificate2 root, string usage, DateTime at, out DateTime begins)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.ExtraStore.AddRange(others);
        chain.ChainPolicy.ApplicationPolicy.Add(new(usage));
        chain.ChainPolicy.VerificationTime = at;

        // What a peer names is not fetched: it sends what leads to the root, and the authority publishes no lists. It knows its devices' state
        // itself, and a server key that is lost means another issuing certificate.
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        bool holds = chain.Build(certificate);
        X509Certificate2[] path = [.. chain.ChainElements.Select(element => element.Certificate)];
        begins = path.Append(certificate).Max(one => one.NotBefore.ToUniversalTime());
        string? fault = holds ? null : Explain(chain, path, at);
        foreach (X509Certificate2 one in path)
        {
            one.Dispose();
        }

        return fault;
    }

    private static string Explain(X509Chain chain, X509Certificate2[] path, DateTime at)
    {
        X509ChainStatusFlags all = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (flags, status) => flags | status.Status);
        // Another root of the same name is told as a signature that does not verify.
        if ((all & (X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.NotSignatureValid))
            != X509ChainStatusFlags.NoError)
        {
            string issuer = path.Length > 0 ? path[^1].Issuer : "nobody";
            return $"does not lead to the authority's root that this device trusts: it ends at '{issuer}'; is it the right authority, and does it send along what is between?";
        }

        if (all.HasFlag(X509ChainStatusFlags.NotTimeValid) && Untimely(path, at) is { } untimely)
        {
            return untimely;
        }

        return $"is not acceptable: {string.Join("; ", chain.ChainStatus.Select(status => $"{status.Status}: {status.StatusInformation}"))}";
    }

    private static string? Untimely(X509Certificate2[] path, DateTime at)
    {
        if (path.FirstOrDefault(one => one.NotAfter.ToUniversalTime() < at) is { } ended)
        {
            return $"has ended: '{ended.Subject}' was good until {Show(ended.NotAfter)}, and it is {Show(at)} by the best that this device knows; "
                + "let the authority renew it, or set the clock if that is wrong";
        }

        return path.FirstOrDefault(one => one.NotBefore.ToUniversalTime() > at) is { } early
            ? $"is not good yet: '{early.Subject}' is good from {Show(early.NotBefore)} on, and it is {Show(at)} by the best that this device knows; set the clock"
            : null;
    }

    private static string Show(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
