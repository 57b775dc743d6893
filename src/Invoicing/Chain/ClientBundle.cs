using System.Text;
using System.Text.Json;

namespace Invoicing.Chain;

/// <summary>What the authority hands to a client once: certificate and key for TLS, the authority's own root, and a device's enrolment.</summary>
/// <remarks>
/// Travels as one JSON file that must be kept as secret as the key in it. The chain's signing key is not in it: a device makes that one
/// itself and never shows it.
/// </remarks>
/// <param name="Name">Name of the device or follower.</param>
/// <param name="Certificate">Transport certificate (PEM).</param>
/// <param name="PrivateKey">Its private key (PEM, PKCS#8).</param>
/// <param name="AuthorityRoot">Certificate (PEM) that the authority's server certificate must lead to.</param>
/// <param name="Enrolment">EnrolmentRecord of a device; empty for a follower.</param>
public sealed record ClientBundle(
    string Name, string Certificate, string PrivateKey, string AuthorityRoot, ReadOnlyMemory<byte> Enrolment)
{
    private const string Format = "invoicing/client-bundle/1";

    /// <summary>The file's text.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new() { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("format", Format);
            writer.WriteString("name", Name);
            writer.WriteString("certificate", Certificate);
            writer.WriteString("private_key", PrivateKey);
            writer.WriteString("authority_root", AuthorityRoot);
            writer.WriteBase64String("enrolment", Enrolment.Span);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    /// <summary>Reads the file's text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">Name of the file, for errors.</param>
    /// <exception cref="InvoicingException">Not a bundle; names the key that is missing or wrong.</exception>
    public static ClientBundle Parse(string json, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            string format = Text(root, "format", source);
            if (format != Format)
            {
                throw new InvoicingException($"{source}: key 'format': expected '{Format}', found '{format}'");
            }

            return new(
                Text(root, "name", source),
                Text(root, "certificate", source),
                Text(root, "private_key", source),
                Text(root, "authority_root", source),
                Convert.FromBase64String(Text(root, "enrolment", source)));
        }
        catch (Exception fault) when (fault is JsonException or FormatException)
        {
            throw new InvoicingException($"{source}: expected a client bundle (JSON), found other text: {fault.Message}", innerException: fault);
        }
    }

    /// <summary>Everything but the private key.</summary>
    public override string ToString() => $"{Name} ({Enrolment.Length} bytes of enrolment)";

    private static string Text(JsonElement root, string key, string source) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new InvoicingException($"{source}: key '{key}': expected a string, found none");
}
