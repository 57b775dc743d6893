using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Invoicing.Edge.Settings;

/// <summary>Writes a first configuration file: what <c>edge run</c> needs, and nothing that has a good default.</summary>
internal static class EdgeSettingsFile
{
    /// <summary>Journal of a new configuration, beside its file.</summary>
    public const string Journal = "journal.db";

    /// <summary>Folder of the identity in a new configuration, beside its file.</summary>
    public const string Identity = "device/";

    /// <summary>Writes it.</summary>
    /// <param name="path">The file, which must not be there.</param>
    /// <param name="authority">Where the authority is.</param>
    /// <param name="lines">The registers' lines.</param>
    /// <exception cref="InvoicingException">It is there, or cannot be written.</exception>
    public static void Write(string path, Uri authority, IEnumerable<string> lines)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("journal", Journal);
            writer.WriteString("identity", Identity);
            writer.WriteString("authority", authority.GetLeftPart(UriPartial.Authority));
            writer.WriteStartArray("registers");
            foreach (string line in lines)
            {
                writer.WriteStartObject();
                writer.WriteString("line", line);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        try
        {
            // Written aside and put in place whole: an interrupted command leaves none, and is typed again.
            string temporary = path + ".new";
            File.WriteAllText(temporary, Encoding.UTF8.GetString(stream.ToArray()) + "\n");
            File.Move(temporary, path, overwrite: false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvoicingException($"{path}: cannot be written: {fault.Message}; the device is enrolled: type the same command again", innerException: fault);
        }
    }
}
