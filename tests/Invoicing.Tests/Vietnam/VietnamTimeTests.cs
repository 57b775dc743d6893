using System.Globalization;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Tests.Vietnam;

public sealed class VietnamTimeTests
{
    [Theory]
    [InlineData("2026-12-31T16:59:59.999Z", "2026-12-31")]
    [InlineData("2026-12-31T17:00:00Z", "2027-01-01")]
    [InlineData("2026-12-31T23:59:59+07:00", "2026-12-31")]
    [InlineData("2027-01-01T00:00:00+07:00", "2027-01-01")]
    [InlineData("2026-12-31T12:00:00-08:00", "2027-01-01")]
    [InlineData("2028-02-28T17:00:00Z", "2028-02-29")]
    public void The_date_is_that_of_Vietnam_whatever_the_offset(string instant, string date) =>
        Assert.Equal(Date(date), VietnamTime.DateOf(Instant(instant)));

    public static TheoryData<string?, ClockConfidence, string?, string, string, DateSource> Closings => new()
    {
        // A sale of New Year's Eve that is recorded five seconds later belongs to the old year, if the register's clock is believed.
        { "2026-12-31T23:59:59+07:00", ClockConfidence.Synchronised, "00:00:00", "2027-01-01T00:00:04+07:00", "2026-12-31", DateSource.Register },
        { "2026-12-31T23:59:59+07:00", ClockConfidence.Set, "00:02:00", "2027-01-01T00:00:04+07:00", "2026-12-31", DateSource.Register },
        { "2026-12-31T23:59:59+07:00", ClockConfidence.Set, "-00:02:00", "2027-01-01T00:00:04+07:00", "2026-12-31", DateSource.Register },
        { "2026-12-31T23:59:59+07:00", ClockConfidence.Set, "00:02:00.0000001", "2027-01-01T00:00:04+07:00", "2027-01-01", DateSource.Device },
        { "2026-12-31T23:59:59+07:00", ClockConfidence.Synchronised, "-00:02:01", "2027-01-01T00:00:04+07:00", "2027-01-01", DateSource.Device },

        // Never compared here: only a register that calls itself synchronised is believed.
        { "2026-12-31T23:59:59+07:00", ClockConfidence.Synchronised, null, "2027-01-01T00:00:04+07:00", "2026-12-31", DateSource.Register },
        { "2026-12-31T23:59:59+07:00", ClockConfidence.Set, null, "2027-01-01T00:00:04+07:00", "2027-01-01", DateSource.Device },

        // What the register itself calls unknown, what lies ahead of us, and what is missing, is never believed.
        { "2026-12-31T23:59:59+07:00", ClockConfidence.Unknown, "00:00:00", "2027-01-01T00:00:04+07:00", "2027-01-01", DateSource.Device },
        { "2027-01-01T00:00:00+07:00", ClockConfidence.Set, "00:00:01", "2026-12-31T23:59:59+07:00", "2026-12-31", DateSource.Device },
        { "2026-12-31T23:59:59+07:00", ClockConfidence.Set, "00:00:00", "2026-12-31T23:59:59+07:00", "2026-12-31", DateSource.Register },
        { null, ClockConfidence.Synchronised, "00:00:00", "2026-12-31T23:59:59+07:00", "2026-12-31", DateSource.Device },

        // A till that wakes up in 1970, or in 2000 after its battery died.
        { "1970-01-01T00:03:00Z", ClockConfidence.Set, "00:00:00", "2026-12-31T23:59:59+07:00", "2026-12-31", DateSource.Device },
        { "2000-01-01T00:03:00Z", ClockConfidence.Synchronised, null, "2026-12-31T23:59:59+07:00", "2026-12-31", DateSource.Device },
        { "2025-05-31T23:59:59+07:00", ClockConfidence.Set, "00:00:00", "2026-12-31T23:59:59+07:00", "2026-12-31", DateSource.Device },
        { "2025-06-01T00:00:00+07:00", ClockConfidence.Set, "00:00:00", "2026-12-31T23:59:59+07:00", "2025-06-01", DateSource.Register },
    };

    [Theory]
    [MemberData(nameof(Closings))]
    public void The_register_dates_an_invoice_only_if_its_clock_is_believed(
        string? closedAt, ClockConfidence confidence, string? difference, string recordedAt, string date, DateSource expected)
    {
        DateOnly issued = VietnamTime.IssueDate(
            closedAt is null ? null : Instant(closedAt),
            confidence,
            difference is null ? null : TimeSpan.Parse(difference, CultureInfo.InvariantCulture),
            Instant(recordedAt),
            out DateSource source);

        Assert.Equal((Date(date), expected), (issued, source));
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
