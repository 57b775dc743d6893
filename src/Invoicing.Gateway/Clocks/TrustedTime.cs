namespace Invoicing.Gateway.Clocks;

/// <summary>Decides what time it is where the system's clock may be wrong. Pure. Times in UTC milliseconds since 1970-01-01.</summary>
/// <remarks>
/// The floor is the latest moment that is known to be past: the build, the enrolment, the newest verified watermark and, for what is recorded,
/// the last entry. A system clock before it is wrong; one after it is believed, and the authority's time never overrides it. Source: design.md
/// 5.10.
/// </remarks>
internal static class TrustedTime
{
    /// <summary>2026-07-01: nobody runs this program before it was written. Raised with releases.</summary>
    public const long Build = 1_782_864_000_000;

    /// <summary>2 minutes: clocks of two machines never agree to the millisecond; one with a time service is never so far off.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(2);

    /// <summary>Whether a clock may be right.</summary>
    public static bool IsPlausible(long clock, long floor) => clock >= floor - (long)Tolerance.TotalMilliseconds;

    /// <summary>Which clock counts for what is recorded.</summary>
    /// <param name="before">Which one counted. Back to the system's only once it has passed the floor, so that a clock at the edge does not flap.</param>
    /// <param name="system">The system's clock.</param>
    /// <param name="floor">What is known to be past.</param>
    /// <param name="authority">The authority's time; <see langword="null"/> if it was not heard.</param>
    public static ClockSource Choose(ClockSource before, long system, long floor, long? authority) =>
        system >= floor || (before == ClockSource.System && IsPlausible(system, floor)) ? ClockSource.System
        : authority is { } heard && IsPlausible(heard, floor) ? ClockSource.Authority
        : ClockSource.System;

    /// <summary>The best known time: the greatest of what is known.</summary>
    /// <param name="system">The system's clock.</param>
    /// <param name="floor">What is known to be past.</param>
    /// <param name="authority">The authority's time; <see langword="null"/> if it was not heard.</param>
    public static KnownTime Best(long system, long floor, long? authority) =>
        IsPlausible(system, floor)
            ? new(Math.Max(system, floor), IsLowerBound: false)
            : new(Math.Max(floor, authority ?? floor), IsLowerBound: true);
}
