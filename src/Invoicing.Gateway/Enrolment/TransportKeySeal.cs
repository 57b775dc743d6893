using System.Security.Cryptography;
using Invoicing.Gateway.Keys;

namespace Invoicing.Gateway.Enrolment;

/// <summary>The one place where the transport's private key becomes text for a file, and is read again.</summary>
internal static class TransportKeySeal
{
    private const string Plain = "pkcs8:";
    private const string Sealed = "sealed:";

    /// <summary>A key as a file may hold it.</summary>
    /// <param name="pkcs8">The private key (PKCS#8).</param>
    /// <param name="seal">Seals it; <see langword="null"/>: only the file's mode protects it.</param>
    public static string Protect(ReadOnlySpan<byte> pkcs8, KeySeal? seal) =>
        seal is null ? Plain + Convert.ToBase64String(pkcs8) : Sealed + Convert.ToBase64String(seal.Seal(pkcs8));

    /// <summary>The key of a text; the caller forgets it.</summary>
    /// <param name="text">As <see cref="Protect"/> made it.</param>
    /// <param name="seal">Opens a sealed one.</param>
    /// <param name="source">Where it was read, for people.</param>
    /// <exception cref="FormatException">Another text. Nothing of the key is told.</exception>
    /// <exception cref="InvoicingException">It is sealed, and the secret is missing or another.</exception>
    public static byte[] Unprotect(string text, KeySeal? seal, string source) =>
        text.StartsWith(Plain, StringComparison.Ordinal) ? Convert.FromBase64String(text[Plain.Length..])
        : !text.StartsWith(Sealed, StringComparison.Ordinal)
            ? throw new FormatException($"expected a private key that begins with '{Plain}' or '{Sealed}', found another form: it was written by a newer program")
        : seal is null ? throw new InvoicingException($"{source}: expected the secret that its key is sealed with, found none in the settings: name its file as key_secret")
        : seal.Unseal(Convert.FromBase64String(text[Sealed.Length..]), source);

    /// <summary>Makes a new transport key: ECDSA P-256, as all keys here.</summary>
    /// <returns>The private key (PKCS#8).</returns>
    public static byte[] NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKey();
    }
}
