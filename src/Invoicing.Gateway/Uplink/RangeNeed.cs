using Invoicing.Invoices;
using Invoicing.Vietnam;

namespace Invoicing.Gateway.Uplink;

/// <summary>What a chain has to ask the authority for. Pure.</summary>
/// <param name="Codes">Whether codes run low.</param>
/// <param name="Numbers">Whether numbers run low.</param>
/// <param name="Year">Of the numbers, 0..99.</param>
internal readonly record struct RangeNeed(bool Codes, bool Numbers, int Year)
{
    /// <summary>
    /// Days before New Year from which numbers of the next year are asked for: a series is of a year, so at midnight a shop without the next
    /// one could not sell; two weeks bridge a broken network.
    /// </summary>
    public const int DaysAhead = 14;

    /// <summary>What is needed; <see langword="null"/> if nothing is.</summary>
    /// <param name="ranges">What the chain has.</param>
    /// <param name="now">The time.</param>
    public static RangeNeed? Of(RangeAllocation ranges, DateTimeOffset now)
    {
        DateOnly today = VietnamTime.DateOf(now);
        int year = today.Year % 100;
        int next = today.AddDays(DaysAhead).Year % 100;
        bool codes = ranges.CodesRunLow();
        return ranges.NumbersRunLow(year) ? new(codes, Numbers: true, year)
            : next != year && ranges.NumbersRunLow(next) ? new(codes, Numbers: true, next)
            : codes ? new(Codes: true, Numbers: false, year)
            : null;
    }
}
