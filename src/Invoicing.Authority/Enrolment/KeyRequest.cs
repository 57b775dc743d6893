using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Invoicing.Hashing;

namespace Invoicing.Authority.Enrolment;

/// <summary>A certificate request (PKCS#10) that was checked: signed by its own key, on P-256. Its subject and attributes are ignored.</summary>
/// <param name="Hash">SHA-256 of the request (DER): what names it when it is made again.</param>
/// <param name="Key">The key that is to be certified.</param>
internal sealed record KeyRequest(Sha256Hash Hash, PublicKey Key)
{
    /// <summary>Most bytes of a request. Source: <c>enrolment.proto</c>.</summary>
    public const int MaxLength = 4 * 1024;

    private const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>Reads a request.</summary>
    /// <param name="bytes">The request (DER).</param>
    /// <param name="request">What it asks for; only if the answer is <see langword="null"/>.</param>
    /// <returns><see langword="null"/>, or what was expected and what was found.</returns>
    public static string? Read(byte[] bytes, out KeyRequest? request)
    {
        request = null;
        if (bytes.Length is 0 or > MaxLength)
        {
            return $"request: expected 1 to {MaxLength} bytes, found {bytes.Length}";
        }

        try
        {
            // Checks the request's signature by the key that it names.
            PublicKey key = CertificateRequest.LoadSigningRequest(bytes, HashAlgorithmName.SHA256).PublicKey;
            using ECDsa? curve = key.GetECDsaPublicKey();
            string? found = curve?.ExportParameters(includePrivateParameters: false).Curve.Oid?.Value;
            if (found != P256)
            {
                return $"request: expected a key on P-256, found {(curve is null ? $"a key of algorithm {key.Oid.Value}" : $"curve {found}")}";
            }

            request = new(Sha256Hash.Of(bytes), key);
            return null;
        }
        catch (Exception fault) when (fault is CryptographicException or PlatformNotSupportedException or NotSupportedException or ArgumentException)
        {
            return $"request: expected a certificate request (PKCS#10, DER) signed by its own P-256 key with SHA-256, found another: {fault.Message}";
        }
    }

    /// <summary>Makes a request on a new key.</summary>
    /// <param name="name">The subject; the authority ignores it.</param>
    /// <returns>The key, which the caller disposes, and the request (DER).</returns>
    [SuppressMessage("Reliability", "CA2000", Justification = "The caller disposes the key.")]
    public static (ECDsa Key, byte[] Request) Make(string name)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            return (key, new CertificateRequest(new X500DistinguishedName($"CN={name}"), key, HashAlgorithmName.SHA256).CreateSigningRequest());
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
