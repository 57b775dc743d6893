using System.Text;

namespace Invoicing.Gateway.Keys;

/// <summary>Names a key on a token. Source: RFC 7512.</summary>
/// <remarks>
/// <c>pin-value</c> is refused: settings are read, backed up and shown, and a PIN belongs into none of that. Attributes about the library and the
/// slot's maker are refused, too: <c>token</c>, <c>serial</c> and <c>slot-id</c> say which token it is.
/// </remarks>
internal sealed record TokenUri
{
    private const string Scheme = "pkcs11:";

    private readonly string _text;

    private TokenUri(string text) => _text = text;

    /// <summary>Label of the token; <see langword="null"/> if any will do.</summary>
    public string? Token { get; private init; }

    public string? Manufacturer { get; private init; }

    public string? Model { get; private init; }

    public string? Serial { get; private init; }

    /// <summary>The slot's number; tokens are better named by their labels, slots may be numbered anew at each start.</summary>
    public ulong? Slot { get; private init; }

    /// <summary>Label of the key.</summary>
    public string? Label { get; private init; }

    /// <summary>Id of the key; empty if it is named by its label.</summary>
    public ReadOnlyMemory<byte> Id { get; private init; }

    /// <summary>File of the PIN; <see langword="null"/> if the settings name it.</summary>
    public string? PinPath { get; private init; }

    /// <summary>The module; <see langword="null"/> if the settings name it.</summary>
    public string? ModulePath { get; private init; }

    /// <summary>Reads an address.</summary>
    /// <param name="text">Beginning with <c>pkcs11:</c>.</param>
    /// <param name="folder">What relative paths are relative to.</param>
    /// <exception cref="FormatException">No such address; never repeats its values.</exception>
    public static TokenUri Parse(string text, string folder)
    {
        int query = text.IndexOf('?', StringComparison.Ordinal);
        Dictionary<string, byte[]> path = Read(query < 0 ? text[Scheme.Length..] : text[Scheme.Length..query], ';', "token", "manufacturer", "model", "serial", "slot-id", "object", "id", "type");
        Dictionary<string, byte[]> asked = Read(query < 0 ? string.Empty : text[(query + 1)..], '&', "pin-source", "module-path");
        if (path.TryGetValue("type", out byte[]? type) && Encoding.UTF8.GetString(type) is not ("private" or "cert"))
        {
            throw new FormatException("pkcs11: expected type=private or no type, found another; the key is named by its 'object' or 'id'");
        }

        var uri = new TokenUri(text)
        {
            Token = Text(path, "token"),
            Manufacturer = Text(path, "manufacturer"),
            Model = Text(path, "model"),
            Serial = Text(path, "serial"),
            Slot = Text(path, "slot-id") is not { } slot ? null
                : ulong.TryParse(slot, out ulong number) ? number
                : throw new FormatException("pkcs11: expected a number as slot-id, found another text"),
            Label = Text(path, "object"),
            Id = path.GetValueOrDefault("id"),
            PinPath = Text(asked, "pin-source") is { } source ? FileOf(source, folder) : null,
            ModulePath = Text(asked, "module-path") is { } module ? FileOf(module, folder) : null,
        };
        return uri.Label is null && uri.Id.IsEmpty
            ? throw new FormatException("pkcs11: expected the key's 'object' (its label) or 'id', found neither")
            : uri;
    }

    public bool Equals(TokenUri? other) => other?._text == _text;

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => _text;

    private static string? Text(Dictionary<string, byte[]> attributes, string name) =>
        attributes.TryGetValue(name, out byte[]? value) ? Encoding.UTF8.GetString(value) : null;

    private static string FileOf(string source, string folder)
    {
        if (source.StartsWith('|'))
        {
            throw new FormatException("pkcs11: expected a file as pin-source, found a program");
        }

        string path = source.StartsWith("file://", StringComparison.Ordinal) ? source["file://".Length..]
            : source.StartsWith("file:", StringComparison.Ordinal) ? source["file:".Length..] : source;
        return path.Length > 0 && !path.Any(char.IsControl) ? Path.GetFullPath(Path.Combine(folder, path)) : throw new FormatException("pkcs11: expected a file as pin-source and module-path, found none");
    }

    /// <summary>pk11-path = [ pk11-pattr *( ";" pk11-pattr ) ], pk11-query = [ pk11-qattr *( "&amp;" pk11-qattr ) ]; RFC 7512, section 2.3.</summary>
    private static Dictionary<string, byte[]> Read(string text, char separator, params string[] known)
    {
        var attributes = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (string part in text.Split(separator, StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? "(no name)" : part[..equals];
            if (name == "pin-value")
            {
                throw new FormatException("pkcs11: expected no PIN in the address, found pin-value; write it to a file that only this user can read, and name that as pin-source");
            }

            if (!known.Contains(name, StringComparer.Ordinal))
            {
                throw new FormatException($"pkcs11: expected {string.Join(", ", known)} separated by '{separator}', found another attribute");
            }

            if (!attributes.TryAdd(name, Decode(part[(equals + 1)..])))
            {
                throw new FormatException($"pkcs11: expected each attribute once, found '{name}' twice");
            }
        }

        return attributes;
    }

    /// <summary>pct-encoded = "%" HEXDIG HEXDIG; ids are bytes, so this works on bytes.</summary>
    private static byte[] Decode(string value)
    {
        var bytes = new List<byte>(value.Length);
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] != '%')
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(value, i, char.IsHighSurrogate(value[i]) && i + 1 < value.Length ? 2 : 1));
                i += char.IsHighSurrogate(value[i]) && i + 1 < value.Length ? 1 : 0;
            }
            else if (i + 2 < value.Length && char.IsAsciiHexDigit(value[i + 1]) && char.IsAsciiHexDigit(value[i + 2]))
            {
                bytes.Add(Convert.FromHexString(value.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
            else
            {
                throw new FormatException("pkcs11: expected two hexadecimal digits after '%', found others");
            }
        }

        return [.. bytes];
    }
}
