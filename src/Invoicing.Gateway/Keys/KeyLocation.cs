using System.Globalization;

namespace Invoicing.Gateway.Keys;

/// <summary>Where a private key lies. A closed family, written as one text.</summary>
/// <remarks>
/// <c>file:PATH</c>: PKCS#8 in PEM, sealed with a secret where one is configured. <c>dpapi:PATH</c>: a file that Windows sealed for its user.
/// <c>store:CurrentUser/My?thumbprint=…</c>: a certificate of Windows' store with its key. <c>pkcs11:…</c>: a token or HSM (RFC 7512); the PIN
/// never stands in it, only the name of its file (<c>pin-source=file:…</c>).
/// </remarks>
public abstract record KeyLocation
{
    private const int MaxLength = 2048;

    private KeyLocation()
    {
    }

    /// <summary>What kind of place it is, in a word for people: <c>file</c>, <c>DPAPI file</c>, <c>Windows store</c> or <c>token</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether a text names a location, and not a bare path.</summary>
    /// <param name="text">The text.</param>
    public static bool IsOne(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith("pkcs11:", StringComparison.Ordinal) || text.StartsWith("store:", StringComparison.Ordinal)
            || text.StartsWith("file:", StringComparison.Ordinal) || text.StartsWith("dpapi:", StringComparison.Ordinal);
    }

    /// <summary>Reads a location.</summary>
    /// <param name="text">As the type's description says.</param>
    /// <param name="folder">What relative paths are relative to.</param>
    /// <exception cref="FormatException">Another text; says what was expected and what was found.</exception>
    public static KeyLocation Parse(string text, string folder)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(folder);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string rest = colon < 0 ? string.Empty : text[(colon + 1)..];
        return text.Length > MaxLength ? throw new FormatException($"expected a key location of at most {MaxLength} characters, found {text.Length}")
            : text.Any(char.IsControl) ? throw new FormatException("expected a key location of printable characters, found others")
            : (colon < 0 ? string.Empty : text[..colon]) switch
            {
                "file" => new InFile(PathOf(rest, folder, "file")),
                "dpapi" => new ByDpapi(PathOf(rest, folder, "dpapi")),
                "store" => ParseStore(rest),
                "pkcs11" => new OnToken(TokenUri.Parse(text, folder)),
                _ => throw new FormatException(
                    "expected a key location: file:PATH, pkcs11:token=…;object=…, dpapi:PATH or store:CurrentUser/My?thumbprint=…, found another text"),
            };
    }

    private static string PathOf(string path, string folder, string scheme) => path.Length > 0
        ? Path.GetFullPath(Path.Combine(folder, path))
        : throw new FormatException($"expected a path after '{scheme}:', found none");

    private static InStore ParseStore(string rest)
    {
        const string Query = "?thumbprint=";
        int query = rest.IndexOf(Query, StringComparison.Ordinal);
        string[] place = query < 0 ? [] : rest[..query].Split('/');
        string thumbprint = query < 0 ? string.Empty : rest[(query + Query.Length)..].Replace(" ", string.Empty, StringComparison.Ordinal);
        return place is ["CurrentUser" or "LocalMachine", { Length: > 0 }] && thumbprint.Length is 40 or 64 && thumbprint.All(char.IsAsciiHexDigit)
            ? new(place[0], place[1], thumbprint.ToUpperInvariant())
            : throw new FormatException(
                "expected store:CurrentUser/My?thumbprint=… or store:LocalMachine/My?thumbprint=… with 40 (SHA-1) or 64 (SHA-256) hexadecimal digits, found another text");
    }

    /// <summary>PKCS#8 in PEM.</summary>
    /// <param name="Path">Full path.</param>
    internal sealed record InFile(string Path) : KeyLocation
    {
        public override string Kind => "file";

        public override string ToString() => $"file:{Path}";
    }

    /// <summary>A file that Windows sealed for its user.</summary>
    /// <param name="Path">Full path.</param>
    internal sealed record ByDpapi(string Path) : KeyLocation
    {
        public override string Kind => "DPAPI file";

        public override string ToString() => $"dpapi:{Path}";
    }

    /// <summary>A certificate with its key in Windows' store.</summary>
    /// <param name="Place">CurrentUser or LocalMachine.</param>
    /// <param name="Name">The store's name, such as My.</param>
    /// <param name="Thumbprint">SHA-1 or SHA-256 of the certificate, in hexadecimal.</param>
    internal sealed record InStore(string Place, string Name, string Thumbprint) : KeyLocation
    {
        public override string Kind => "Windows store";

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"store:{Place}/{Name}?thumbprint={Thumbprint}");
    }

    /// <summary>A key on a token.</summary>
    /// <param name="Uri">Which.</param>
    internal sealed record OnToken(TokenUri Uri) : KeyLocation
    {
        public override string Kind => "token";

        public override string ToString() => Uri.ToString();
    }
}
