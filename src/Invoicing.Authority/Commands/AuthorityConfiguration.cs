using System.Net;
using Invoicing.Authority.Ledger.Sqlite;
using Invoicing.Settings;

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

        var json = JsonSettings.Parse(File.ReadAllText(path), path);
        string? listen = json.OptionalText("listen");
        string level = json.OptionalText("log_level") ?? nameof(LogLevel.Information);
        var read = new AuthorityConfiguration
        {
            Data = json.OptionalText("data"),
            Listen = listen is null ? null : ToEndPoint($"{path}: key 'listen'", listen),
            LogLevel = Enum.TryParse(level, ignoreCase: true, out LogLevel parsed) && Enum.IsDefined(parsed) ? parsed
                : throw json.Fault("log_level", "Trace, Debug, Information, Warning, Error, Critical or None", $"'{level}'"),
            SegmentSize = (int)json.Number("segment_size", 1_000, 1_000_000, LedgerSchema.DefaultSegmentSize),
        };
        json.Done();
        return read;
    }

    /// <summary>Reads address and port.</summary>
    /// <exception cref="InvoicingException">Not an address and port.</exception>
    public static IPEndPoint ToEndPoint(string key, string text) =>
        text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out IPEndPoint? endpoint) ? endpoint
            : throw new InvoicingException($"{key}: expected an address and a port such as 127.0.0.1:5443, found '{text}'");
}
