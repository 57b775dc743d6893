namespace Invoicing.Gateway.Recording;

/// <summary>Decides at what time a group of entries is recorded. Pure.</summary>
/// <remarks>
/// Nothing is recorded while our clock is before the last entry, the last anchor, the enrolment or the build (design.md 5.10). Clocks of two
/// machines never agree to the millisecond, so a lag of up to <see cref="Tolerance"/> is not refused: the entry bears the later time, which
/// is known to be past. Times in UTC milliseconds since 1970-01-01.
/// </remarks>
internal static class RecordingClock
{
    /// <summary>2026-07-01: nobody runs this program before it was written. Raised with releases.</summary>
    public const long Build = 1_782_864_000_000;

    /// <summary>2 minutes: the difference at which a register's clock is still believed; a clock with a time service is never so far off.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(2);

    /// <summary>Reads the time for the next entries.</summary>
    /// <param name="now">Our clock.</param>
    /// <param name="lastRecorded">Time of the last entry.</param>
    /// <param name="anchor">The authority's time in the newest verified watermark; 0 before the first.</param>
    /// <param name="enrolled">Time of the enrolment.</param>
    /// <returns>The time to record, or why there is none.</returns>
    public static ClockReading Read(long now, long lastRecorded, long anchor, long enrolled)
    {
        (long floor, string what) = (Build, "the program's build");
        foreach ((long time, string name) in new[]
                 {
                     (enrolled, "the device's enrolment"), (anchor, "the authority's last watermark"), (lastRecorded, "the last entry"),
                 })
        {
            if (time > floor)
            {
                (floor, what) = (time, name);
            }
        }

        return now >= floor ? new(now, null)
            : floor - now <= Tolerance.TotalMilliseconds ? new(floor, null)
            : new(0, $"the clock shows {Show(now)}, which is before {what} at {Show(floor)}; set the clock");
    }

    private static string Show(long time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture) + " UTC";
}
