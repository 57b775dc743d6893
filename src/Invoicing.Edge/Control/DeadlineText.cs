using System.Globalization;
using System.Text.Json.Nodes;
using Invoicing.Edge.Deadlines;
using Invoicing.Vietnam;

namespace Invoicing.Edge.Control;

/// <summary>The nearest deadline and doubts about rates, as JSON for the socket and as lines for people.</summary>
internal static class DeadlineText
{
    /// <summary>The deadline; <see langword="null"/> if nothing waits.</summary>
    public static JsonObject? From(DeadlineReport? report) => report is null ? null : new()
    {
        ["state"] = report.State.ToString().ToLowerInvariant(),
        ["issued_on"] = report.Deadline.IssuedOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["due"] = report.Deadline.Due.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        ["remaining_s"] = (long)Math.Floor(report.Remaining.TotalSeconds),
        ["rule"] = report.Deadline.Rule.Id,
        ["source"] = report.Deadline.Rule.Source,
        ["certainty"] = report.Deadline.Rule.Certainty.ToString().ToLowerInvariant(),
        ["extended_by"] = report.Deadline.ExtendedBy?.ToString(),
    };

    /// <summary>Rates that may not be in force any more on a day.</summary>
    public static JsonArray Doubts(DateOnly day) => new([.. TaxRateTable.BuiltIn.DoubtsOn(day).Select(period => (JsonNode)period.ToString())]);

    /// <summary>Lines for people of what <see cref="From"/> and <see cref="Doubts"/> made.</summary>
    public static IEnumerable<string> ForPeople(JsonObject status)
    {
        if (status["deadline"] is not JsonObject deadline)
        {
            yield return "deadline  no invoice waits";
        }
        else
        {
            var left = TimeSpan.FromSeconds(deadline["remaining_s"]!.GetValue<long>());
            string when = left > TimeSpan.Zero ? $"in {Show(left)}" : $"{Show(-left)} ago";
            yield return $"deadline  {deadline["state"]}: invoices of {deadline["issued_on"]} due by {deadline["due"]}, {when};"
                + $" {deadline["rule"]}, {deadline["source"]} ({deadline["certainty"]})"
                + (deadline["extended_by"] is { } outage ? $"; extended by {outage}" : string.Empty);
        }

        foreach (JsonNode? doubt in status["rate_doubts"]!.AsArray())
        {
            yield return $"doubt     {doubt}: sold on, but ask whether the rate still holds";
        }
    }

    private static string Show(TimeSpan span) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h {span.Minutes:00} min");
}
