using System.Security.Cryptography;

namespace Invoicing.Gateway.Enrolment;

/// <summary>The one place where the transport's private key becomes text for a file, and is read again.</summary>
internal static class TransportKeySeal
{
    private const string Plain = "pkcs8:";

    /// <summary>A key as a file may hold it.</summary>
    /// <param name="pkcs8">The private key (PKCS#8).</param>
    public static string Protect(ReadOnlySpan<byte> pkcs8) => Plain + Convert.ToBase64String(pkcs8);

    /// <summary>The key of a text; the caller forgets it.</summary>
    /// <param name="text">As <see cref="Protect"/> made it.</param>
    /// <exception cref="FormatException">Another text. Nothing of the key is told.</exception>
    public static byte[] Unprotect(string text) => text.StartsWith(Plain, StringComparison.Ordinal)
        ? Convert.FromBase64String(text[Plain.Length..])
        : throw new FormatException($"expected a private key that begins with '{Plain}', found another form: it was written by a newer program");

    /// <summary>Makes a new transport key: ECDSA P-256, as all keys here.</summary>
    /// <returns>The private key (PKCS#8).</returns>
    public static byte[] NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKey();
    }
}
