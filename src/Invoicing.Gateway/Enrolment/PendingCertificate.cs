using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Invoicing.Gateway.Enrolment;

/// <summary>A key that has no certificate yet, and the request for one: kept on the disk before it is sent, so that a lost answer is asked for again.</summary>
/// <param name="PrivateKey">The private key (PKCS#8).</param>
/// <param name="Request">PKCS#10 request (DER).</param>
/// <param name="Activation">Hash of the activation code's secret that it is for; empty if it is for a renewal.</param>
internal sealed record PendingCertificate(ReadOnlyMemory<byte> PrivateKey, ReadOnlyMemory<byte> Request, ReadOnlyMemory<byte> Activation)
{
    /// <summary>Whether it is to renew a certificate.</summary>
    public bool IsRenewal => Activation.IsEmpty;

    /// <summary>Makes a new key and its request.</summary>
    /// <param name="activation">As <see cref="Activation"/>.</param>
    public static PendingCertificate Create(ReadOnlyMemory<byte> activation)
    {
        byte[] pkcs8 = TransportKeySeal.NewKey();
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);

        // The authority ignores the subject; a request without one is not read by every tool that a person may look at it with.
        return new(pkcs8, new CertificateRequest("CN=device", key, HashAlgorithmName.SHA256).CreateSigningRequest(), activation);
    }

    /// <summary>The key as certificates name it: SubjectPublicKeyInfo (DER).</summary>
    public byte[] PublicKey()
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(PrivateKey.Span, out _);
        return key.ExportSubjectPublicKeyInfo();
    }

    /// <summary>Nothing of the key.</summary>
    public override string ToString() => IsRenewal ? "a renewal" : "an enrolment";
}
