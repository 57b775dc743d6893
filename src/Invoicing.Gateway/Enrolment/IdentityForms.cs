using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Invoicing.Gateway.Keys;

namespace Invoicing.Gateway.Enrolment;

/// <summary>Identity and pending request as texts, and back. Pure.</summary>
internal static class IdentityForms
{
    /// <summary>Most bytes of a file: five certificates, a key, a request and an enrolment of at most 32 KiB in base64.</summary>
    public const int MaxLength = 128 * 1024;

    private const string Identity = "invoicing/device-identity/1";
    private const string Pending = "invoicing/pending-certificate/1";

    public static string Write(DeviceIdentity identity, KeySeal? seal) => Write(Identity, writer =>
    {
        writer.WriteString("name", identity.Name);
        writer.WriteStartArray("certificates");
        foreach (ReadOnlyMemory<byte> certificate in identity.Certificates)
        {
            writer.WriteStringValue(PemEncoding.WriteString("CERTIFICATE", certificate.Span));
        }

        writer.WriteEndArray();
        writer.WriteString("private_key", TransportKeySeal.Protect(identity.PrivateKey.Span, seal));
        writer.WriteBase64String("enrolment", identity.Enrolment.Span);
        writer.WriteBase64String("activation", identity.Activation.Span);
    });

    public static string Write(PendingCertificate pending, KeySeal? seal) => Write(Pending, writer =>
    {
        writer.WriteString("private_key", TransportKeySeal.Protect(pending.PrivateKey.Span, seal));
        writer.WriteBase64String("request", pending.Request.Span);
        writer.WriteBase64String("activation", pending.Activation.Span);
    });

    /// <summary>Reads an identity.</summary>
    /// <exception cref="InvoicingException">Another text; says what is missing or wrong.</exception>
    public static DeviceIdentity ReadIdentity(string text, string source, KeySeal? seal) => Read(text, source, Identity, root =>
    {
        var certificates = root.GetProperty("certificates").EnumerateArray().Select(pem => Certificate(pem.GetString()!)).ToImmutableArray();
        return certificates.Length is >= 2 and <= DeviceIdentity.MaxCertificates
            ? new DeviceIdentity(
                root.GetProperty("name").GetString()!, certificates, Key(root, seal, source), root.GetProperty("enrolment").GetBytesFromBase64(),
                root.GetProperty("activation").GetBytesFromBase64())
            : throw new FormatException($"expected 2 to {DeviceIdentity.MaxCertificates} certificates, found {certificates.Length}");
    });

    /// <summary>Reads a pending request.</summary>
    /// <exception cref="InvoicingException">Another text; says what is missing or wrong.</exception>
    public static PendingCertificate ReadPending(string text, string source, KeySeal? seal) => Read(text, source, Pending, root =>
        new PendingCertificate(Key(root, seal, source), root.GetProperty("request").GetBytesFromBase64(), root.GetProperty("activation").GetBytesFromBase64()));

    private static string Write(string format, Action<Utf8JsonWriter> content)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new() { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("format", format);
            content(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static T Read<T>(string text, string source, string format, Func<JsonElement, T> content)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            string found = root.GetProperty("format").GetString()!;
            return found == format ? content(root) : throw new FormatException($"expected format '{format}', found '{found}'");
        }
        catch (Exception fault) when (fault is JsonException or FormatException or KeyNotFoundException or InvalidOperationException
            or CryptographicException or ArgumentException)
        {
            throw new InvoicingException($"{source}: expected what this program wrote there, found other text: {fault.Message}", innerException: fault);
        }
    }

    /// <summary>The key, read once, so that a damaged one is told here and not in the middle of a handshake.</summary>
    private static byte[] Key(JsonElement root, KeySeal? seal, string source)
    {
        byte[] pkcs8 = TransportKeySeal.Unprotect(root.GetProperty("private_key").GetString()!, seal, source);
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return pkcs8;
    }

    private static ReadOnlyMemory<byte> Certificate(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return certificate.RawData;
    }
}
