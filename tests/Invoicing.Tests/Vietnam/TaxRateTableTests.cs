using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Settings;
using Invoicing.Tests.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Tests.Vietnam;

public sealed class TaxRateTableTests
{
    private static readonly DateOnly LastDay = new(2026, 12, 31);

    /// <summary>As the built-in table, with the end of 8 % verified.</summary>
    private static readonly TaxRateTable Verified = new(TaxRateTable.BuiltIn.Periods
        .Select(period => period.ValidUntil == LastDay ? period with { IsEndVerified = true } : period));

    [Fact]
    public void Every_rate_of_the_law_is_in_force_from_the_first_day_that_is_served() => Assert.All(
        SomeSales.Rates,
        rate =>
        {
            Assert.Equal(TaxRateStanding.InForce, TaxRateTable.BuiltIn.StandingOf(rate, VietnamTime.FirstDay, out TaxRatePeriod period));
            Assert.True(period.Names(rate) && period.Source.Length > 0);
            Assert.Equal(TaxRateStanding.NotInForce, TaxRateTable.BuiltIn.StandingOf(rate, VietnamTime.FirstDay.AddDays(-1), out _));
        });

    [Theory]
    [InlineData("2025-06-30", TaxRateStanding.InForce)]
    [InlineData("2025-07-01", TaxRateStanding.InForce)]
    [InlineData("2026-12-31", TaxRateStanding.InForce)]
    [InlineData("2027-01-01", TaxRateStanding.Doubtful)]
    [InlineData("2035-01-01", TaxRateStanding.Doubtful)]
    public void An_end_that_nobody_verified_is_a_doubt(string day, TaxRateStanding standing) =>
        Assert.Equal(standing, TaxRateTable.BuiltIn.StandingOf(TaxRate.Eight, Date(day), out _));

    [Theory]
    [InlineData("2026-12-31", TaxRateStanding.InForce)]
    [InlineData("2027-01-01", TaxRateStanding.NotInForce)]
    public void A_verified_end_is_an_end(string day, TaxRateStanding standing)
    {
        Assert.Equal(standing, Verified.StandingOf(TaxRate.Eight, Date(day), out _));
        Assert.Equal(TaxRateStanding.InForce, Verified.StandingOf(TaxRate.Ten, Date(day), out _));
        Assert.Equal(TaxRateStanding.InForce, Verified.StandingOf(TaxRate.Other(800), Date(day), out _));
    }

    [Fact]
    public void Doubts_are_there_to_be_shown()
    {
        Assert.Empty(TaxRateTable.BuiltIn.DoubtsOn(LastDay));
        Assert.Equal(
            "8% from 2025-07-01 to 2026-12-31 (Resolution 204/2025/QH15; end not verified)",
            Assert.Single(TaxRateTable.BuiltIn.DoubtsOn(LastDay.AddDays(1))).ToString());
        Assert.Empty(Verified.DoubtsOn(LastDay.AddDays(1)));
    }

    /// <summary>The last second of the old year and the first of the new one, in GMT+7.</summary>
    [Fact]
    public void A_sale_is_judged_by_its_date_of_issue()
    {
        DateTimeOffset last = new(2026, 12, 31, 23, 59, 59, VietnamTime.Offset);
        Sale old = SomeSales.Coffee() with { ClosedAt = last };
        Sale next = SomeSales.Coffee() with { ClosedAt = last.AddSeconds(1) };

        Assert.Empty(Faults(old, last.AddSeconds(5), Verified));
        Assert.Equal(
            [
                "VN-RATE-4 at Lines[0].Rate: expected a rate in force on 2027-01-01, "
                    + "found 8% from 2025-07-01 to 2026-12-31 (Resolution 204/2025/QH15)",
            ],
            Faults(next, last.AddSeconds(5), Verified));
        Assert.Empty(Faults(next, last.AddSeconds(5), rates: null)); // the doubt holds no sale
    }

    [Fact]
    public void What_a_customer_holds_is_not_judged_by_todays_rates()
    {
        DateTimeOffset now = new(2027, 3, 1, 12, 0, 0, VietnamTime.Offset);
        Sale sale = SomeSales.Coffee() with { ClosedAt = null };

        Assert.Equal(["VN-RATE-4"], Faults(sale, now, Verified).Select(fault => fault[..9]));
        Assert.IsType<DraftResult.Drafted>(InvoiceDrafting.Draft(sale, SomeSales.Shop, InvoiceKind.Vat, now, isAdjustment: true, rates: Verified));
        Assert.IsType<DraftResult.Drafted>(InvoiceDrafting.Draft(
            sale, SomeSales.Shop, InvoiceKind.Vat, now, recovered: new("M1-26-ZZZZZ-00000000315", "C26MYY", 315), rates: Verified));
        Assert.IsType<DraftResult.Drafted>(InvoiceDrafting.Draft(
            sale, SomeSales.Shop, InvoiceKind.Vat, now, rates: Verified, ratedOn: new(2026, 11, 30))); // a replacement of an invoice of November
    }

    [Fact]
    public void Promotions_and_notes_have_no_rate_to_be_judged()
    {
        SaleLine gift = SomeSales.Line("Quà tặng", 1, 0, TaxRate.Eight) with { Nature = LineNature.Promotion };
        Sale sale = SomeSales.Coffee() with
        {
            ClosedAt = null,
            Lines = [SomeSales.Line("Bia", 1, 100_000, TaxRate.Ten), gift],
        };

        Assert.Empty(Faults(sale, new(2027, 1, 1, 0, 0, 0, VietnamTime.Offset), Verified));
    }

    [Fact]
    public void A_table_is_read_from_json()
    {
        var table = TaxRateTable.Parse(Json("""{ "rate": "8%", "from": "2027-01-01", "until": "2027-06-30", "end_verified": true, "source": "Resolution X" }"""), "rates.json");

        Assert.Equal(TaxRateStanding.NotInForce, table.StandingOf(TaxRate.Eight, LastDay, out TaxRatePeriod period));
        Assert.Equal("8% from 2027-01-01 to 2027-06-30 (Resolution X)", period.ToString());
        Assert.Equal(TaxRateStanding.InForce, table.StandingOf(TaxRate.Eight, new(2027, 6, 30), out _));
        Assert.Equal(TaxRateStanding.NotInForce, table.StandingOf(TaxRate.Eight, new(2027, 7, 1), out _));
        Assert.Equal(TaxRateStanding.InForce, table.StandingOf(TaxRate.Other(526), new(2027, 7, 1), out _));
    }

    [Theory]
    [InlineData("""{ "rate": "9%", "from": "2027-01-01", "source": "x" }""", "rates[6].rate", "one of 0%, 5%, 8%, 10%, KCT, KKKNT, KHAC")]
    [InlineData("""{ "rate": "8%", "from": "1/1/2027", "source": "x" }""", "rates[6].from", "found '1/1/2027'")]
    [InlineData("""{ "rate": "8%", "source": "x" }""", "rates[6].from", "found nothing")]
    [InlineData("""{ "rate": "8%", "from": "2027-01-01" }""", "rates[6].source", "found nothing")]
    [InlineData("""{ "rate": "8%", "from": "2027-01-01", "til": "2027-01-01", "source": "x" }""", "rates[6].til", "a key that is not known")]
    [InlineData("""{ "rate": "8%", "from": "2027-01-02", "until": "2027-01-01", "source": "x" }""", "rates", "ends before it begins")]
    [InlineData("""{ "rate": "10%", "from": "2027-01-01", "source": "x" }""", "rates", "no period of 8%")]
    [InlineData("""{ "rate": "8%", "from": "2027-01-01", "source": "x" }, { "rate": "8%", "from": "2028-01-01", "source": "x" }""", "rates", "begins before")]
    public void A_bad_table_is_named(string periods, string key, string says)
    {
        SettingsException fault = Assert.Throws<SettingsException>(() => TaxRateTable.Parse(Json(periods), "rates.json"));

        Assert.Equal(key, fault.Key);
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
    }

    private static string Json(string eight) => $$"""
        { "rates": [
          { "rate": "0%", "from": "2025-06-01", "source": "law" }, { "rate": "5%", "from": "2025-06-01", "source": "law" },
          { "rate": "KCT", "from": "2025-06-01", "source": "law" }, { "rate": "KKKNT", "from": "2025-06-01", "source": "law" },
          { "rate": "KHAC", "from": "2025-06-01", "source": "law" }, { "rate": "10%", "from": "2025-06-01", "until": "2026-12-31", "source": "law" },
          {{eight}}
        ] }
        """;

    private static string[] Faults(Sale sale, DateTimeOffset recordedAt, TaxRateTable? rates) =>
        InvoiceDrafting.Draft(sale, SomeSales.Shop, InvoiceKind.Vat, recordedAt, rates: rates) switch
        {
            DraftResult.Faulty faulty => [.. faulty.Faults.Select(fault => fault.ToString())],
            _ => [],
        };

    private static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
