using System.Collections.Immutable;
using Invoicing.Amounts;
using Invoicing.Settings;

namespace Invoicing.Vietnam;

/// <summary>Which rates of VAT are in force on which day: data, because a parliament changes it more often than this product is built.</summary>
/// <remarks>
/// Immutable. As JSON: <c>{ "rates": [ { "rate": "8%", "from": "2025-07-01", "until": "2026-12-31", "end_verified": true, "source": "…" } ] }</c>, each
/// rate at least once and its periods apart. <c>KHAC</c> names every other percentage. A sale is judged by its date of issue.
/// </remarks>
public sealed class TaxRateTable
{
    /// <summary>Most periods of a table: far more than a law changes in a century.</summary>
    public const int MaxPeriods = 256;

    private const string Law = "Law 48/2024/QH15, Art. 9";
    private const string Format = "Decision 1271/QĐ-CT, element TSuat";

    private static readonly TaxRate[] Rates =
        [TaxRate.Zero, TaxRate.Five, TaxRate.Eight, TaxRate.Ten, TaxRate.NotSubject, TaxRate.NotDeclared, TaxRate.Other(0)];

    /// <summary>Takes a table.</summary>
    /// <param name="periods">In any order.</param>
    /// <exception cref="ArgumentException">A rate is missing, two periods of a rate overlap, one ends before it begins, or there are too many.</exception>
    public TaxRateTable(IEnumerable<TaxRatePeriod> periods)
    {
        ArgumentNullException.ThrowIfNull(periods);
        Periods = [.. periods.OrderBy(p => p.Kind).ThenBy(p => p.Hundredths).ThenBy(p => p.ValidFrom)];
        if (FaultOf(Periods) is { } fault)
        {
            throw new ArgumentException(fault, nameof(periods));
        }
    }

    /// <summary>The table that this product knows.</summary>
    /// <remarks>
    /// From the first day that the product serves. 8 % ends on 31 December 2026 by Resolution 204/2025/QH15, which was not seen: its end is not
    /// verified.
    /// </remarks>
    public static TaxRateTable BuiltIn { get; } = new(
    [
        Always(TaxRateKind.Percent, 0, Law),
        Always(TaxRateKind.Percent, 500, Law),
        Always(TaxRateKind.Percent, 1000, Law),
        Always(TaxRateKind.Percent, 800, "Resolution 174/2024/QH15") with { ValidUntil = new(2025, 6, 30) },
        Always(TaxRateKind.Percent, 800, "Resolution 204/2025/QH15") with { ValidFrom = new(2025, 7, 1), ValidUntil = new(2026, 12, 31) },
        Always(TaxRateKind.NotSubject, 0, Format),
        Always(TaxRateKind.NotDeclared, 0, Format),
        Always(TaxRateKind.Other, 0, Format),
    ]);

    /// <summary>By rate and first day.</summary>
    public ImmutableArray<TaxRatePeriod> Periods { get; }

    /// <summary>Reads a table from JSON.</summary>
    /// <param name="json">Its text.</param>
    /// <param name="source">Name of the file, for errors.</param>
    /// <exception cref="SettingsException">Names the key, what was expected and what was found.</exception>
    public static TaxRateTable Parse(string json, string source)
    {
        var settings = JsonSettings.Parse(json, source);
        ImmutableArray<TaxRatePeriod> periods = [.. settings.Objects("rates").Select(ReadPeriod)];
        settings.Done();
        return FaultOf(periods) is { } fault
            ? throw settings.Fault("rates", "each rate, in periods that lie apart", fault)
            : new(periods);
    }

    /// <summary>What the table says of a rate on a day.</summary>
    /// <param name="rate">The rate.</param>
    /// <param name="day">Date of issue.</param>
    /// <param name="period">The period that says so: the one in force, or the last that ended, or the first to come.</param>
    public TaxRateStanding StandingOf(TaxRate rate, DateOnly day, out TaxRatePeriod period)
    {
        TaxRatePeriod? last = null;
        foreach (TaxRatePeriod candidate in Periods)
        {
            if (!candidate.Names(rate))
            {
                continue;
            }

            if (candidate.Covers(day))
            {
                period = candidate;
                return TaxRateStanding.InForce;
            }

            last = last is null || candidate.ValidFrom <= day ? candidate : last;
        }

        period = last!; // each rate has a period
        return period.ValidFrom <= day && !period.IsEndVerified ? TaxRateStanding.Doubtful : TaxRateStanding.NotInForce;
    }

    /// <summary>Periods whose end has passed on a day, was not verified, and after which the table knows nothing: to be shown to people.</summary>
    public ImmutableArray<TaxRatePeriod> DoubtsOn(DateOnly day) =>
    [
        .. Rates.Select(rate => StandingOf(rate, day, out TaxRatePeriod period) == TaxRateStanding.Doubtful ? period : null).OfType<TaxRatePeriod>(),
    ];

    private static TaxRatePeriod Always(TaxRateKind kind, int hundredths, string source) =>
        new() { Kind = kind, Hundredths = hundredths, ValidFrom = VietnamTime.FirstDay, Source = source };

    private static string? FaultOf(ImmutableArray<TaxRatePeriod> periods)
    {
        if (periods.Length > MaxPeriods)
        {
            return $"{periods.Length} periods, of which {MaxPeriods} are the most";
        }

        foreach (TaxRate rate in Rates)
        {
            TaxRatePeriod[] own = [.. periods.Where(period => period.Names(rate)).OrderBy(period => period.ValidFrom)];
            if (own.Length == 0)
            {
                return $"no period of {(rate.Kind == TaxRateKind.Other ? "KHAC" : rate.ToString())}";
            }

            for (int i = 0; i < own.Length; i++)
            {
                if (own[i].ValidUntil < own[i].ValidFrom || (i > 0 && !(own[i - 1].ValidUntil < own[i].ValidFrom)))
                {
                    return $"{own[i]}, which ends before it begins or begins before the period before it ends";
                }
            }
        }

        return null;
    }

    private static TaxRatePeriod ReadPeriod(JsonSettings json)
    {
        string name = json.Text("rate");
        int at = Array.FindIndex(Rates, rate => (rate.Kind == TaxRateKind.Other ? "KHAC" : rate.ToString()) == name);
        var period = new TaxRatePeriod
        {
            Kind = at >= 0 ? Rates[at].Kind : throw json.Fault("rate", "one of 0%, 5%, 8%, 10%, KCT, KKKNT, KHAC", $"'{name}'"),
            Hundredths = Rates[at].Hundredths,
            ValidFrom = json.Date("from"),
            ValidUntil = json.OptionalDate("until"),
            IsEndVerified = json.Flag("end_verified", byDefault: false),
            Source = json.Text("source"),
        };
        json.Done();
        return period;
    }
}
