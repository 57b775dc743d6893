using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Invoicing.Authority.Enrolment;

/// <summary>The one place where a private key of the authority is opened, wherever it is kept.</summary>
/// <remarks>
/// <c>file:PATH</c>: PKCS#8 (PEM), its owner's alone. <c>pkcs11:…</c> (RFC 7512): a key on a token or HSM that never leaves it, by OpenSSL's
/// engine of that name; the PIN by <c>pin-source=file:PATH</c>. A PIN in the location itself is refused: the engine shows it when a key is not found.
/// </remarks>
internal static class KeyLocation
{
    private const string File = "file:";
    private const string Token = "pkcs11:";
    private const string Engine = "pkcs11";
    private const string Pin = "pin-value";

    /// <summary>The location of a key file.</summary>
    public static string OfFile(string path) => File + path;

    /// <summary>Whether a location is that of a key on a token.</summary>
    public static bool IsToken(string location) => location.StartsWith(Token, StringComparison.Ordinal);

    /// <summary>Checks a location's form.</summary>
    /// <param name="option">Where it was stated, for the error.</param>
    /// <param name="location">The location.</param>
    /// <exception cref="InvoicingException">Neither form.</exception>
    public static string Require(string option, string location) =>
        !IsToken(location) && !location.StartsWith(File, StringComparison.Ordinal)
            ? throw new InvoicingException($"{option}: expected file:PATH or pkcs11:…, found '{location}'")
        : IsToken(location) && location.Contains(Pin, StringComparison.OrdinalIgnoreCase)
            ? throw new InvoicingException($"{option}: expected the PIN in a file, by pin-source=file:PATH, found it in the location, where lists of processes and logs show it")
        : location;

    /// <summary>Opens a key.</summary>
    /// <param name="location">Where it is.</param>
    /// <exception cref="InvoicingException">It is not there, or cannot be used; names the location.</exception>
    public static ECDsa Open(string location)
    {
        try
        {
            return IsToken(Require("key", location)) ? OpenToken(location) : OpenFile(location[File.Length..]);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new InvoicingException(
                $"{location}: expected a P-256 private key that can be used, found: {fault.Message}", isTransient: IsToken(location), fault);
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The caller disposes the key.")]
    private static ECDsa OpenFile(string path)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(System.IO.File.ReadAllText(path));
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    private static ECDsaOpenSsl OpenToken(string location)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new InvoicingException($"{location}: expected a system whose OpenSSL has an engine for tokens (Linux), found another: use file:PATH");
        }

        using var handle = SafeEvpPKeyHandle.OpenPrivateKeyFromEngine(Engine, location);
        return new(handle);
    }
}
