using Invoicing.Gateway.Clocks;

namespace Invoicing.Gateway.Recording;

/// <summary>Decides at what time a group of entries is recorded. Pure.</summary>
/// <remarks>
/// Nothing is recorded while our clock is before the last entry, the last anchor, the enrolment or the build (design.md 5.10). Clocks of two
/// machines never agree to the millisecond, so a lag of up to <see cref="TrustedTime.Tolerance"/> is not refused: the entry bears the later time, which
/// is known to be past. Times in UTC milliseconds since 1970-01-01.
/// </remarks>
internal static class RecordingClock
{
    /// <summary>Nobody runs this program before it was written.</summary>
    public const long Build = TrustedTime.Build;

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
            : TrustedTime.IsPlausible(now, floor) ? new(floor, null)
            : new(0, $"the clock shows {Show(now)}, which is before {what} at {Show(floor)}; set the clock");
    }

    private static string Show(long time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture) + " UTC";
}
