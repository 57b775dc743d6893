using System.Collections.Immutable;
using Invoicing.Settings;

namespace Invoicing.Vietnam;

/// <summary>The rules of deadlines with the days that they are about: data, because their clauses are uncertain and change.</summary>
/// <remarks>
/// Immutable. As JSON: <c>{ "rules": [ { "id": "same-day", "from": "2026-07-01", "days": 0, "offline_allowance": "0s", "outage_allowance": "2h",
/// "source": "…", "certainty": "practice" } ] }</c>. Source: spec of Vietnam's law, 4.7: data is sent the same day; only outages announced by the
/// authority excuse; neither the clause nor an allowance for tills without a line was found.
/// </remarks>
public sealed class DeadlineTable
{
    /// <summary>Most rules of a table.</summary>
    public const int MaxRules = 64;

    /// <summary>Most outages: more than a year of one each day.</summary>
    public const int MaxOutages = 500;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(60);

    /// <summary>Takes a table.</summary>
    /// <exception cref="ArgumentException">No rule, too many, one that ends before it begins, or two that overlap.</exception>
    public DeadlineTable(IEnumerable<DeadlineRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        Rules = [.. rules.OrderBy(rule => rule.ValidFrom)];
        if (FaultOf(Rules) is { } fault)
        {
            throw new ArgumentException(fault, nameof(rules));
        }
    }

    /// <summary>The rules that this product knows: the same day in GMT+7, nothing more without a line, two hours after an announced outage.</summary>
    /// <remarks>
    /// The two hours are ours, on the safe side: what was remembered of the law is two working days, and a warning that comes too early costs
    /// nothing.
    /// </remarks>
    public static DeadlineTable BuiltIn { get; } = new(
    [
        new()
        {
            Id = "same-day",
            ValidFrom = VietnamTime.FirstDay,
            ValidUntil = new(2026, 6, 30),
            OutageAllowance = TimeSpan.FromHours(2),
            Source = "Decree 123/2020/NĐ-CP, Art. 22, as amended by 70/2025/NĐ-CP; Circular 78/2021/TT-BTC, Art. 8",
            Certainty = DeadlineCertainty.Practice,
        },
        new()
        {
            Id = "same-day",
            ValidFrom = new(2026, 7, 1),
            OutageAllowance = TimeSpan.FromHours(2),
            Source = "Decree 254/2026/NĐ-CP, Art. 16.3",
            Certainty = DeadlineCertainty.Practice,
        },
    ]);

    /// <summary>By first day.</summary>
    public ImmutableArray<DeadlineRule> Rules { get; }

    /// <summary>Reads a table from JSON.</summary>
    /// <param name="json">Its text.</param>
    /// <param name="source">Name of the file, for errors.</param>
    /// <exception cref="SettingsException">Names the key, what was expected and what was found.</exception>
    public static DeadlineTable Parse(string json, string source)
    {
        var settings = JsonSettings.Parse(json, source);
        ImmutableArray<DeadlineRule> rules = [.. settings.Objects("rules").Select(ReadRule).OrderBy(rule => rule.ValidFrom)];
        settings.Done();
        return FaultOf(rules) is { } fault ? throw settings.Fault("rules", "rules for days that lie apart", fault) : new(rules);
    }

    /// <summary>When invoices of a day have to be with the authority.</summary>
    /// <remarks>
    /// A day before the first rule is judged by the first, one behind or between by the rule before it: no invoice is without a deadline. An
    /// announced outage that covers the deadline extends it to its own end and the rule's allowance; the next outage may cover that.
    /// </remarks>
    /// <param name="issuedOn">Date of issue, in GMT+7.</param>
    /// <param name="outages">What the authority announced, in any order.</param>
    public Deadline Of(DateOnly issuedOn, IReadOnlyList<AnnouncedOutage> outages)
    {
        ArgumentNullException.ThrowIfNull(outages);
        DeadlineRule rule = Rules.LastOrDefault(rule => rule.ValidFrom <= issuedOn) ?? Rules[0];
        DateTimeOffset due = new DateTimeOffset(issuedOn.AddDays(rule.Days + 1), TimeOnly.MinValue, VietnamTime.Offset) + rule.OfflineAllowance;
        AnnouncedOutage? extendedBy = null;
        foreach (AnnouncedOutage outage in outages.OrderBy(outage => outage.From))
        {
            if (outage.Covers(due))
            {
                extendedBy = outage;
                due = outage.Until.ToOffset(VietnamTime.Offset) + rule.OutageAllowance;
            }
        }

        return new(issuedOn, due, rule, extendedBy);
    }

    private static string? FaultOf(ImmutableArray<DeadlineRule> rules)
    {
        if (rules.Length is 0 or > MaxRules)
        {
            return $"{rules.Length} rules, of 1 to {MaxRules}";
        }

        for (int i = 0; i < rules.Length; i++)
        {
            if (rules[i].ValidUntil < rules[i].ValidFrom || (i > 0 && !(rules[i - 1].ValidUntil < rules[i].ValidFrom)))
            {
                return $"rule '{rules[i].Id}' from {rules[i].ValidFrom:O}, which ends before it begins or begins before the rule before it ends";
            }
        }

        return null;
    }

    private static DeadlineRule ReadRule(JsonSettings json)
    {
        string certainty = json.Text("certainty");
        var rule = new DeadlineRule
        {
            Id = json.Text("id"),
            ValidFrom = json.Date("from"),
            ValidUntil = json.OptionalDate("until"),
            Days = (int)json.Number("days", 0, Longest.Days, byDefault: 0),
            OfflineAllowance = json.Duration("offline_allowance", TimeSpan.Zero, Longest, TimeSpan.Zero),
            OutageAllowance = json.Duration("outage_allowance", TimeSpan.Zero, Longest, TimeSpan.Zero),
            Source = json.Text("source"),
            Certainty = certainty switch
            {
                "seen" => DeadlineCertainty.Seen,
                "practice" => DeadlineCertainty.Practice,
                "unverified" => DeadlineCertainty.Unverified,
                _ => throw json.Fault("certainty", "seen, practice or unverified", $"'{certainty}'"),
            },
        };
        json.Done();
        return rule;
    }
}
