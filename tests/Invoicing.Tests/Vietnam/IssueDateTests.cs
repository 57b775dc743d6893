using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Tests.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Tests.Vietnam;

/// <summary>From the clocks of register and device to the date of issue, and from there to the year in code and series.</summary>
public sealed class IssueDateTests
{
    private static readonly DateTimeOffset LastSecond = new(2026, 12, 31, 23, 59, 59, VietnamTime.Offset);
    private static readonly DateTimeOffset FiveSecondsLater = LastSecond.AddSeconds(5);

    private static readonly Sale Rung = SomeSales.Coffee() with { ClosedAt = LastSecond };

    [Fact]
    public void A_sale_of_the_last_second_of_the_year_recorded_five_seconds_later_belongs_to_the_old_year()
    {
        Invoice invoice = Issue(Rung, FiveSecondsLater);

        Assert.Equal((new DateOnly(2026, 12, 31), DateSource.Register), (invoice.IssuedOn, invoice.DateSource));
        Assert.Equal("M1-26-A1B2C-00000000001 C26MAA 1", $"{invoice.Code} {invoice.Series} {invoice.Number}");
        Assert.Equal(LastSecond, invoice.Sale.ClosedAt);
        Assert.Empty(InvoiceRules.Judge(invoice));
    }

    [Theory]
    [InlineData(ClockConfidence.Unknown, null)]
    [InlineData(ClockConfidence.Set, null)]
    [InlineData(ClockConfidence.Synchronised, 121)]
    [InlineData(ClockConfidence.Synchronised, -121)]
    public void The_same_sale_of_a_clock_that_is_not_believed_belongs_to_the_new_year(ClockConfidence clock, int? secondsAhead)
    {
        Invoice invoice = Issue(Rung with { Clock = clock }, FiveSecondsLater, secondsAhead is { } s ? TimeSpan.FromSeconds(s) : null);

        Assert.Equal((new DateOnly(2027, 1, 1), DateSource.Device), (invoice.IssuedOn, invoice.DateSource));
        Assert.Equal("M1-27-A1B2C-00000000001 C27MAA 1", $"{invoice.Code} {invoice.Series} {invoice.Number}");
        Assert.Empty(InvoiceRules.Judge(invoice));
    }

    /// <summary>A till that wakes up in 1970, or with the date of its factory: what it says of itself does not matter.</summary>
    [Theory]
    [InlineData("1970-01-01T00:00:00Z", ClockConfidence.Synchronised, null)]
    [InlineData("1970-01-01T00:00:00Z", ClockConfidence.Synchronised, 0)]
    [InlineData("1970-01-01T07:00:00+07:00", ClockConfidence.Set, 0)]
    [InlineData("2000-01-01T00:00:00+07:00", ClockConfidence.Synchronised, 0)]
    [InlineData("2025-05-31T23:59:59+07:00", ClockConfidence.Synchronised, 0)]
    [InlineData(null, ClockConfidence.Unknown, null)]
    public void A_till_that_wakes_up_in_1970_dates_nothing(string? closedAt, ClockConfidence clock, int? secondsAhead)
    {
        DateTimeOffset? closed = closedAt is null ? null : DateTimeOffset.Parse(closedAt, System.Globalization.CultureInfo.InvariantCulture);
        Invoice invoice = Issue(
            Rung with { ClosedAt = closed, Clock = clock }, LastSecond, secondsAhead is { } s ? TimeSpan.FromSeconds(s) : null);

        Assert.Equal((new DateOnly(2026, 12, 31), DateSource.Device), (invoice.IssuedOn, invoice.DateSource));
        Assert.Equal("M1-26-A1B2C-00000000001 C26MAA 1", $"{invoice.Code} {invoice.Series} {invoice.Number}");
        Assert.Equal(closed, invoice.Sale.ClosedAt); // what the register said is kept as it said it
        Assert.Empty(InvoiceRules.Judge(invoice));
    }

    /// <summary>17:00 UTC of 31 December is the new year in Vietnam; a second before it is the old one, written 07:00 -10:00 or otherwise.</summary>
    [Fact]
    public void The_year_is_that_of_Vietnam_whatever_offset_the_register_writes()
    {
        Sale atMidnight = Rung with { ClosedAt = new(2026, 12, 31, 17, 0, 0, TimeSpan.Zero) };
        Sale before = Rung with { ClosedAt = new(2026, 12, 31, 6, 59, 59, TimeSpan.FromHours(-10)) };

        Assert.Equal("C27MAA", Issue(atMidnight, FiveSecondsLater).Series.ToString());
        Assert.Equal("C26MAA", Issue(before, FiveSecondsLater).Series.ToString());
    }

    [Fact]
    public void Codes_run_on_over_the_year_and_numbers_start_anew_under_their_series()
    {
        RangeAllocation ranges = Ranges();
        string[] given =
        [
            Take(Rung, ref ranges), Take(Rung with { ClosedAt = LastSecond.AddSeconds(1) }, ref ranges), Take(Rung, ref ranges),
        ];

        Assert.Equal(["M1-26-A1B2C-00000000001 C26MAA 1", "M1-27-A1B2C-00000000002 C27MAA 1", "M1-26-A1B2C-00000000003 C26MAA 2"], given);

        static string Take(Sale sale, ref RangeAllocation ranges)
        {
            Invoice invoice = Issue(sale, FiveSecondsLater, null, ref ranges);
            return $"{invoice.Code} {invoice.Series} {invoice.Number}";
        }
    }

    [Fact]
    public void Without_a_range_of_the_new_year_only_the_old_years_sale_is_issued()
    {
        RangeAllocation ranges = RangeAllocation.Empty.Grant(new CodeRange("A1B2C", 1, 100)).Grant(new NumberRange(InvoiceSeries.Parse("C26MAA"), 1, 100));

        Assert.Equal("C26MAA", Issue(Rung, FiveSecondsLater, null, ref ranges).Series.ToString());
        InvoiceDraft next = Draft(Rung with { Clock = ClockConfidence.Unknown }, FiveSecondsLater, null);
        Assert.Equal(
            "a range of invoice numbers under a series of 2027",
            Assert.IsType<RangeDraw.Exhausted>(ranges.Take(next.Kind, next.IssuedOn)).Missing);
    }

    private static RangeAllocation Ranges() => RangeAllocation.Empty
        .Grant(new CodeRange("A1B2C", 1, 100))
        .Grant(new NumberRange(InvoiceSeries.Parse("C26MAA"), 1, 100))
        .Grant(new NumberRange(InvoiceSeries.Parse("C27MAA"), 1, 100));

    private static Invoice Issue(Sale sale, DateTimeOffset recordedAt, TimeSpan? clockDifference = null)
    {
        RangeAllocation ranges = Ranges();
        return Issue(sale, recordedAt, clockDifference, ref ranges);
    }

    private static Invoice Issue(Sale sale, DateTimeOffset recordedAt, TimeSpan? clockDifference, ref RangeAllocation ranges)
    {
        InvoiceDraft draft = Draft(sale, recordedAt, clockDifference);
        RangeDraw.Taken taken = Assert.IsType<RangeDraw.Taken>(ranges.Take(draft.Kind, draft.IssuedOn));
        ranges = taken.Rest;
        return draft.Number(taken.Identity);
    }

    private static InvoiceDraft Draft(Sale sale, DateTimeOffset recordedAt, TimeSpan? clockDifference) => Assert.IsType<DraftResult.Drafted>(
        InvoiceDrafting.Draft(sale, SomeSales.Shop, InvoiceKind.Vat, recordedAt, clockDifference)).Draft;
}
