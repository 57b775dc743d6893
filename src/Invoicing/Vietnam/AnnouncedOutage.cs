using System.Globalization;

namespace Invoicing.Vietnam;

/// <summary>An outage that the authority itself announced. An outage of a provider or of a shop's line extends nothing.</summary>
/// <param name="From">When it began.</param>
/// <param name="Until">When it ended, after <paramref name="From"/>.</param>
/// <param name="Notice">Number and date of the announcement, for people and for the file.</param>
public sealed record AnnouncedOutage(DateTimeOffset From, DateTimeOffset Until, string Notice)
{
    /// <summary>Whether it leaves no time to send before an instant: it began before and had not ended earlier.</summary>
    public bool Covers(DateTimeOffset instant) => From < instant && Until >= instant;

    /// <summary><c>notice 12/TB-CT (2026-07-01T20:00:00+07:00 to 2026-07-02T06:00:00+07:00)</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Notice} ({Show(From)} to {Show(Until)})");

    private static string Show(DateTimeOffset instant) =>
        instant.ToOffset(VietnamTime.Offset).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
