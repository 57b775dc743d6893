using System.Net;
using System.Text.Json;
using Invoicing.Authority.Ledger.Sqlite;

namespace Invoicing.Authority.Commands;

/// <summary>The configuration file of <c>run</c>: one JSON object. Errors name the key, what was expected and what was found.</summary>
internal sealed record AuthorityConfiguration
{
    /// <summary>Key <c>data</c>: the authority's folder.</summary>
    public string? Data { get; private init; }

    /// <summary>Key <c>listen</c>: address and port.</summary>
    public IPEndPoint? Listen { get; private init; }

    /// <summary>Key <c>log_level</c>.</summary>
    public LogLevel LogLevel { get; private init; } = LogLevel.Information;

    /// <summary>Key <c>segment_size</c>: rows of a segment of a new ledger, 1,000 to 1,000,000.</summary>
    public int SegmentSize { get; private init; } = LedgerSchema.DefaultSegmentSize;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvoicingException">Not such a file.</exception>
    public static AuthorityConfiguration Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new InvoicingException($"--config: expected a file, found none at {path}");
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path), new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new InvoicingException($"{path}: expected one JSON object, found {document.RootElement.ValueKind}");
            }

            var read = new AuthorityConfiguration();
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                read = read.With(path, property);
            }

            return read;
        }
        catch (JsonException fault)
        {
            throw new InvoicingException($"{path}: expected JSON, found other text: {fault.Message}", innerException: fault);
        }
    }

    /// <summary>Reads address and port.</summary>
    /// <exception cref="InvoicingException">Not an address and port.</exception>
    public static IPEndPoint ToEndPoint(string key, string text) =>
        text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out IPEndPoint? endpoint) ? endpoint
            : throw new InvoicingException($"{key}: expected an address and a port such as 127.0.0.1:5443, found '{text}'");

    private AuthorityConfiguration With(string path, JsonProperty property)
    {
        JsonElement value = property.Value;
        return property.Name switch
        {
            "data" => this with { Data = Text(path, property) },
            "listen" => this with { Listen = ToEndPoint($"{path}: key 'listen'", Text(path, property)) },
            "log_level" => this with
            {
                LogLevel = Enum.TryParse(Text(path, property), ignoreCase: true, out LogLevel level) && Enum.IsDefined(level) ? level
                    : throw Fault(path, property, "Trace, Debug, Information, Warning, Error, Critical or None"),
            },
            "segment_size" => this with
            {
                SegmentSize = value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int size) && size is >= 1_000 and <= 1_000_000 ? size
                    : throw Fault(path, property, "a number from 1000 to 1000000"),
            },
            _ => throw new InvoicingException($"{path}: key '{property.Name}': expected one of data, listen, log_level, segment_size, found another"),
        };
    }

    private static string Text(string path, JsonProperty property) =>
        property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : throw Fault(path, property, "a string");

    private static InvoicingException Fault(string path, JsonProperty property, string expected) =>
        new($"{path}: key '{property.Name}': expected {expected}, found {property.Value.GetRawText()}");
}
