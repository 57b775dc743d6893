using System.Globalization;

namespace Invoicing.Registers.Datecs;

/// <summary>Reads the registers' date and time: <c>DD-MM-YY hh:mm:ss</c>, behind which X registers say <c>DST</c> in summer time.</summary>
internal static class DatecsClock
{
    private static readonly string[] ShortForms = ["dd-MM-yy HH:mm:ss", "dd-MM-yy HH:mm", "dd.MM.yy HH:mm:ss"];
    private static readonly string[] LongForms = ["dd-MM-yyyy HH:mm:ss", "dd-MM-yyyy HH:mm", "dd.MM.yyyy HH:mm:ss"];

    /// <summary>Reads a time.</summary>
    /// <param name="text">As it came.</param>
    /// <param name="offset">What the register's clock is ahead of UTC, without summer time.</param>
    /// <returns>The time; <see langword="null"/> if the text is none.</returns>
    public static DateTimeOffset? Read(string text, TimeSpan offset)
    {
        string plain = text.Trim();
        bool isSummer = plain.EndsWith(" DST", StringComparison.Ordinal);
        plain = isSummer ? plain[..^4].TrimEnd() : plain;
        if (TryRead(plain, ShortForms, out DateTime at))
        {
            // Two digits of a year are of this century: the registers were made in it.
            at = at.Year < 2000 ? at.AddYears(100) : at;
        }
        else if (!TryRead(plain, LongForms, out at) || at.Year < 2000)
        {
            return null;
        }

        TimeSpan ahead = isSummer ? offset + TimeSpan.FromHours(1) : offset;
        return ahead.Duration() <= TimeSpan.FromHours(14) && at < DateTime.MaxValue.AddDays(-1) ? new DateTimeOffset(at, ahead) : null;
    }

    /// <summary>Writes a time as X registers' fields have it: <c>DD-MM-YY hh:mm:ss</c>.</summary>
    public static string Field(DateTimeOffset at, TimeSpan offset) => at.ToOffset(offset).ToString(ShortForms[0], CultureInfo.InvariantCulture);

    /// <summary>Writes a time as the journal's request by time wants it: <c>DDMMYYhhmmss</c>.</summary>
    public static string Request(DateTimeOffset at, TimeSpan offset) => at.ToOffset(offset).ToString("ddMMyyHHmmss", CultureInfo.InvariantCulture);

    private static bool TryRead(string text, string[] forms, out DateTime at) =>
        DateTime.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out at);
}
