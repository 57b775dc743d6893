using System.Globalization;
using Invoicing.Settings;
using Invoicing.Vietnam;

namespace Invoicing.Tests.Vietnam;

public sealed class DeadlineTableTests
{
    private const string Due = "2026-07-02T00:00:00+07:00";

    private static readonly DateOnly Day = new(2026, 7, 1);

    [Theory]
    [InlineData("2026-07-01", "2026-07-01T17:00:00Z", "Decree 254/2026/NĐ-CP, Art. 16.3")]
    [InlineData("2026-12-31", "2026-12-31T17:00:00Z", "Decree 254/2026/NĐ-CP, Art. 16.3")]
    [InlineData("2028-02-28", "2028-02-28T17:00:00Z", "Decree 254/2026/NĐ-CP, Art. 16.3")]
    [InlineData("2026-06-30", "2026-06-30T17:00:00Z", "Decree 123/2020/NĐ-CP, Art. 22, as amended by 70/2025/NĐ-CP; Circular 78/2021/TT-BTC, Art. 8")]
    [InlineData("2019-01-01", "2019-01-01T17:00:00Z", "Decree 123/2020/NĐ-CP, Art. 22, as amended by 70/2025/NĐ-CP; Circular 78/2021/TT-BTC, Art. 8")]
    public void An_invoice_is_due_by_the_midnight_of_its_day_in_Vietnam(string day, string due, string source)
    {
        Deadline deadline = DeadlineTable.BuiltIn.Of(DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture), []);

        Assert.Equal(Instant(due), deadline.Due);
        Assert.Equal(VietnamTime.Offset, deadline.Due.Offset);
        Assert.Equal((source, DeadlineCertainty.Practice, "same-day"), (deadline.Rule.Source, deadline.Rule.Certainty, deadline.Rule.Id));
        Assert.Null(deadline.ExtendedBy);
    }

    /// <summary>Only an outage that leaves no time before the deadline extends it, by two hours after its end.</summary>
    [Theory]
    [InlineData("2026-07-01T20:00:00+07:00", "2026-07-02T06:00:00+07:00", "2026-07-02T08:00:00+07:00")]
    [InlineData("2026-07-01T13:00:00Z", "2026-07-01T23:00:00Z", "2026-07-02T08:00:00+07:00")]
    [InlineData("2026-07-01T23:59:59+07:00", Due, "2026-07-02T02:00:00+07:00")]
    [InlineData("2026-06-20T00:00:00+07:00", "2026-07-03T12:00:00+07:00", "2026-07-03T14:00:00+07:00")]
    [InlineData("2026-07-01T08:00:00+07:00", "2026-07-01T23:59:59+07:00", Due)]
    [InlineData(Due, "2026-07-02T06:00:00+07:00", Due)]
    [InlineData("2026-07-02T01:00:00+07:00", "2026-07-02T06:00:00+07:00", Due)]
    public void An_announced_outage_that_covers_the_deadline_extends_it(string from, string until, string due)
    {
        var outage = new AnnouncedOutage(Instant(from), Instant(until), "notice 12/TB-CT");

        Deadline deadline = DeadlineTable.BuiltIn.Of(Day, [outage]);

        Assert.Equal(Instant(due), deadline.Due);
        Assert.Equal(due == Due ? null : outage, deadline.ExtendedBy);
        Assert.Equal(VietnamTime.Offset, deadline.Due.Offset);
    }

    [Fact]
    public void One_outage_after_the_other_extends_again_in_whatever_order_they_are_listed()
    {
        AnnouncedOutage[] outages =
        [
            Outage("2026-07-02T07:00:00+07:00", "2026-07-02T20:00:00+07:00", "second"),
            Outage("2026-07-01T22:00:00+07:00", "2026-07-02T03:00:00+07:00", "inside the first"),
            Outage("2026-07-02T23:00:00+07:00", "2026-07-03T00:00:00+07:00", "too late"),
            Outage("2026-07-01T20:00:00+07:00", "2026-07-02T06:00:00+07:00", "first"),
        ];

        Deadline deadline = DeadlineTable.BuiltIn.Of(Day, outages);

        Assert.Equal((Instant("2026-07-02T22:00:00+07:00"), "second"), (deadline.Due, deadline.ExtendedBy!.Notice));
        Assert.Equal(deadline, DeadlineTable.BuiltIn.Of(Day, [.. outages.Reverse()]));
        Assert.Equal("second (2026-07-02T07:00:00+07:00 to 2026-07-02T20:00:00+07:00)", deadline.ExtendedBy.ToString());
    }

    [Fact]
    public void A_table_is_read_from_json_and_its_allowances_count()
    {
        var table = DeadlineTable.Parse(
            """
            { "rules": [
              { "id": "next-day", "from": "2026-07-02", "days": 1, "offline_allowance": "12h", "outage_allowance": "2d", "source": "law", "certainty": "seen" },
              { "id": "same-day", "from": "2025-06-01", "until": "2026-07-01", "source": "older law", "certainty": "unverified" }
            ] }
            """,
            "deadlines.json");

        Assert.Equal(Instant(Due), table.Of(Day, []).Due);
        Assert.Equal((Instant("2026-07-04T12:00:00+07:00"), "next-day"), (table.Of(Day.AddDays(1), []).Due, table.Of(Day.AddDays(1), []).Rule.Id));
        Assert.Equal(
            Instant("2026-07-06T13:00:00+07:00"),
            table.Of(Day.AddDays(1), [Outage("2026-07-04T00:00:00+07:00", "2026-07-04T13:00:00+07:00", "n")]).Due);
    }

    [Theory]
    [InlineData("", "rules", "0 rules")]
    [InlineData("""{ "id": "x", "from": "2026-07-01", "source": "s", "certainty": "sure" }""", "rules[0].certainty", "found 'sure'")]
    [InlineData("""{ "id": "x", "from": "2026-07-01", "source": "s" }""", "rules[0].certainty", "found nothing")]
    [InlineData("""{ "id": "x", "from": "2026-07-01", "days": 61, "source": "s", "certainty": "seen" }""", "rules[0].days", "found 61")]
    [InlineData("""{ "id": "x", "from": "2026-07-01", "outage_allowance": "2", "source": "s", "certainty": "seen" }""", "rules[0].outage_allowance", "found '2'")]
    [InlineData("""{ "id": "x", "from": "2026-07-01", "until": "2026-06-30", "source": "s", "certainty": "seen" }""", "rules", "ends before it begins")]
    [InlineData(
        """{ "id": "x", "from": "2026-07-01", "source": "s", "certainty": "seen" }, { "id": "y", "from": "2026-08-01", "source": "s", "certainty": "seen" }""",
        "rules",
        "begins before the rule before it ends")]
    public void A_bad_table_is_named(string rules, string key, string says)
    {
        SettingsException fault = Assert.Throws<SettingsException>(() => DeadlineTable.Parse($$"""{ "rules": [ {{rules}} ] }""", "deadlines.json"));

        Assert.Equal(key, fault.Key);
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
    }

    private static AnnouncedOutage Outage(string from, string until, string notice) => new(Instant(from), Instant(until), notice);

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
