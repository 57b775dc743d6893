using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Vietnam;

/// <summary>Dates of Vietnam: GMT+7 all year since 1975, and never the machine's own time zone.</summary>
public static class VietnamTime
{
    /// <summary>Offset of Vietnam from UTC.</summary>
    public static readonly TimeSpan Offset = TimeSpan.FromHours(7);

    /// <summary>Largest difference between a register's clock and ours at which its closing times are believed (design.md 5.10).</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(2);

    /// <summary>
    /// First day of the law that this product serves. A closing time before it comes from a clock that was never set (1970, 2000), whatever
    /// the register says of it. Source: Decree 70/2025/NĐ-CP, in force from 1 June 2025.
    /// </summary>
    public static readonly DateOnly FirstDay = new(2025, 6, 1);

    /// <summary>The date in Vietnam at an instant.</summary>
    public static DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(instant.UtcDateTime + Offset);

    /// <summary>Decides the date of issue and says which clock it comes from (design.md 5.10).</summary>
    /// <remarks>
    /// The register's closing time counts if all of these hold: the register gave it and does not itself call it unknown; its clock was
    /// within <see cref="ClockTolerance"/> of ours when last compared or, where it was not compared here, it calls itself synchronised;
    /// it is not after <paramref name="recordedAt"/> and not before <see cref="FirstDay"/>. Otherwise the time of recording counts.
    /// </remarks>
    /// <param name="closedAt">When the receipt was closed, by the register's clock.</param>
    /// <param name="confidence">What the register says of that time.</param>
    /// <param name="clockDifference">The register's clock minus ours when last compared; <see langword="null"/> if it never was.</param>
    /// <param name="recordedAt">Now, by our clock.</param>
    /// <param name="source">Which of the two the date comes from.</param>
    public static DateOnly IssueDate(
        DateTimeOffset? closedAt, ClockConfidence confidence, TimeSpan? clockDifference, DateTimeOffset recordedAt, out DateSource source)
    {
        bool isClockRight = clockDifference is TimeSpan difference
            ? confidence != ClockConfidence.Unknown && difference >= -ClockTolerance && difference <= ClockTolerance
            : confidence == ClockConfidence.Synchronised;
        if (isClockRight && closedAt is DateTimeOffset closed && closed <= recordedAt && DateOf(closed) >= FirstDay)
        {
            source = DateSource.Register;
            return DateOf(closed);
        }

        source = DateSource.Device;
        return DateOf(recordedAt);
    }
}
