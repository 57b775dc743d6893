using System.Collections.Immutable;
using Invoicing.Settings;
using Invoicing.Vietnam;

namespace Invoicing.Edge.Deadlines;

/// <summary>By which rules deadlines are worked out, and when people are warned.</summary>
/// <remarks>
/// Keys: <c>outages</c>, a list of <c>from</c>, <c>until</c> and <c>notice</c> as the authority announced them; <c>warn_before</c>; <c>deadlines</c>, a
/// file with other rules than the built-in ones.
/// </remarks>
internal sealed record DeadlineSettings
{
    /// <summary>Time enough for a person to come and get a line going.</summary>
    public static readonly TimeSpan DefaultWarnBefore = TimeSpan.FromHours(2);

    /// <summary>The rules.</summary>
    public DeadlineTable Table { get; init; } = DeadlineTable.BuiltIn;

    /// <summary>What the authority announced.</summary>
    public ImmutableArray<AnnouncedOutage> Outages { get; init; } = [];

    /// <summary>From when before a deadline people are warned.</summary>
    public TimeSpan WarnBefore { get; init; } = DefaultWarnBefore;

    /// <summary>Reads the keys from a configuration.</summary>
    /// <param name="json">The configuration.</param>
    /// <param name="folder">Folder that paths are relative to.</param>
    /// <exception cref="SettingsException">Names the key, what was expected and what was found.</exception>
    public static DeadlineSettings Read(JsonSettings json, string folder)
    {
        string? table = json.OptionalText("deadlines");
        var settings = new DeadlineSettings
        {
            Table = table is null ? DeadlineTable.BuiltIn : ReadTable(json, Path.Combine(folder, table)),
            Outages = [.. json.Objects("outages").Select(ReadOutage)],
            WarnBefore = json.Duration("warn_before", TimeSpan.Zero, TimeSpan.FromDays(1), DefaultWarnBefore),
        };
        return settings.Outages.Length <= DeadlineTable.MaxOutages
            ? settings
            : throw json.Fault("outages", $"at most {DeadlineTable.MaxOutages} outages", $"{settings.Outages.Length}");
    }

    private static DeadlineTable ReadTable(JsonSettings json, string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw json.Fault("deadlines", "a readable file with rules", fault.Message);
        }

        return DeadlineTable.Parse(text, path);
    }

    private static AnnouncedOutage ReadOutage(JsonSettings json)
    {
        var outage = new AnnouncedOutage(json.Instant("from"), json.Instant("until"), json.Text("notice"));
        json.Done();
        return outage.Until > outage.From
            ? outage
            : throw json.Fault("until", "an end after the beginning", $"{outage.From:O} to {outage.Until:O}");
    }
}
