using System.Net;
using Invoicing.Authority.Gate;
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

    /// <summary>
    /// Key <c>door</c>: what strangers may do, an object of <c>strangers</c>, <c>strangers_per_address</c>, <c>stranger_time</c> (seconds),
    /// <c>connections_per_second</c> and <c>connection_burst</c> of an address, <c>requests_per_second</c> and <c>request_burst</c> of a known client's
    /// connection, and <c>trusted</c>: networks that are not counted, because what stands there counts by itself.
    /// </summary>
    public GateLimits Door { get; private init; } = new();

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
            Door = json.OptionalObject("door") is { } door ? ReadDoor(door) : new(),
            SegmentSize = (int)json.Number("segment_size", 1_000, 1_000_000, LedgerSchema.DefaultSegmentSize),
        };
        json.Done();
        return read;
    }

    private static GateLimits ReadDoor(JsonSettings json)
    {
        var usual = new GateLimits();
        var door = new GateLimits
        {
            Strangers = (int)json.Number("strangers", 1, 100_000, usual.Strangers),
            StrangersPerAddress = (int)json.Number("strangers_per_address", 1, 100_000, usual.StrangersPerAddress),
            StrangerTime = TimeSpan.FromSeconds(json.Number("stranger_time", 1, 300, (long)usual.StrangerTime.TotalSeconds)),
            ConnectionsPerSecond = (int)json.Number("connections_per_second", 1, 100_000, usual.ConnectionsPerSecond),
            ConnectionBurst = (int)json.Number("connection_burst", 1, 100_000, usual.ConnectionBurst),
            RequestsPerSecond = (int)json.Number("requests_per_second", 1, 100_000, usual.RequestsPerSecond),
            RequestBurst = (int)json.Number("request_burst", 1, 100_000, usual.RequestBurst),
            Trusted = [.. json.Texts("trusted").Select(text => IPNetwork.TryParse(text, out IPNetwork network)
                ? network
                : throw json.Fault("trusted", "networks such as 10.1.0.0/16 or 2001:db8::/48", $"'{text}'"))],
        };
        json.Done();
        return door;
    }

    /// <summary>Reads address and port.</summary>
    /// <exception cref="InvoicingException">Not an address and port.</exception>
    public static IPEndPoint ToEndPoint(string key, string text) =>
        text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out IPEndPoint? endpoint) ? endpoint
            : throw new InvoicingException($"{key}: expected an address and a port such as 127.0.0.1:5443, found '{text}'");
}
