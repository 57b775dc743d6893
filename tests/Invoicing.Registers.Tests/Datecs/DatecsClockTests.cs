using Invoicing.Registers.Datecs;

namespace Invoicing.Registers.Tests.Datecs;

/// <summary>Times as the registers write them.</summary>
public sealed class DatecsClockTests
{
    [Theory]
    [InlineData("22-11-26 14:05:09", "2026-11-22T14:05:09+07:00")]
    [InlineData("22-07-26 14:05:09 DST", "2026-07-22T14:05:09+08:00")]
    [InlineData("22-11-2026 14:05", "2026-11-22T14:05:00+07:00")]
    [InlineData("22.11.2026 14:05:09", "2026-11-22T14:05:09+07:00")]
    [InlineData("01-01-00 00:00:00", "2000-01-01T00:00:00+07:00")]
    [InlineData("29-02-56 00:00:00", "2056-02-29T00:00:00+07:00")]
    [InlineData("22-11-99 14:05:09", "2099-11-22T14:05:09+07:00")]
    [InlineData("22-11-0126 14:05:09", null)]
    [InlineData("22-11-1999 14:05:09", null)]
    [InlineData("31-12-9999 23:59:59", null)]
    [InlineData("31-02-26 14:05:09", null)]
    [InlineData("", null)]
    public void A_time_is_of_this_century_or_none(string text, string? expected) =>
        Assert.Equal(expected, DatecsClock.Read(text, TimeSpan.FromHours(7))?.ToString("yyyy-MM-ddTHH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture));
}
