using System.Collections.Immutable;

namespace Invoicing.NationalXml.Profiles;

/// <summary>Which format holds from which day on, by the invoice's date of issue.</summary>
public sealed class ProfileSchedule
{
    private readonly ImmutableArray<(DateOnly From, NationalProfile Profile)> _periods;

    /// <summary>Takes periods.</summary>
    /// <param name="periods">First day of each, in any order; the earliest also holds before its first day.</param>
    /// <exception cref="ArgumentException">None, or two from the same day.</exception>
    public ProfileSchedule(IEnumerable<(DateOnly From, NationalProfile Profile)> periods)
    {
        _periods = [.. periods.OrderBy(period => period.From)];
        if (_periods.IsEmpty || _periods.Select(period => period.From).Distinct().Count() != _periods.Length)
        {
            throw new ArgumentException("expected at least one period and no two from the same day", nameof(periods));
        }
    }

    /// <summary>
    /// The law's: 2.1.0 from 1 June 2025 (Decision 1271/QĐ-CT), 2.1.1 from 1 July 2026 (Circular 91/2026/TT-BTC), 2.0.1 before.
    /// </summary>
    public static ProfileSchedule Law { get; } = new(
    [
        (new(2022, 9, 21), NationalProfile.Of("2.0.1")),
        (new(2025, 6, 1), NationalProfile.Of("2.1.0")),
        (new(2026, 7, 1), NationalProfile.Of("2.1.1")),
    ]);

    /// <summary>One format on every day.</summary>
    public static ProfileSchedule Always(NationalProfile profile) => new([(DateOnly.MinValue, profile)]);

    /// <summary>The format of a day.</summary>
    public NationalProfile On(DateOnly day)
    {
        NationalProfile found = _periods[0].Profile;
        foreach ((DateOnly from, NationalProfile profile) in _periods)
        {
            found = from <= day ? profile : found;
        }

        return found;
    }
}
