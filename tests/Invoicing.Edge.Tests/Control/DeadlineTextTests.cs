using System.Text.Json.Nodes;
using Invoicing.Edge.Control;
using Invoicing.Edge.Deadlines;
using Invoicing.Vietnam;

namespace Invoicing.Edge.Tests.Control;

public sealed class DeadlineTextTests
{
    private static readonly DateOnly Day = new(2026, 7, 1);
    private static readonly DateTimeOffset Midnight = new(2026, 7, 2, 0, 0, 0, VietnamTime.Offset);

    [Fact]
    public void A_deadline_is_shown_with_its_rule_source_and_certainty()
    {
        JsonObject json = DeadlineText.From(Report(Midnight.AddMinutes(-133).AddMilliseconds(-500)))!;

        Assert.Equal(
            "state=ok issued_on=2026-07-01 due=2026-07-02T00:00:00+07:00 remaining_s=7980 rule=same-day source=Decree 254/2026/NĐ-CP, Art. 16.3 "
                + "certainty=practice extended_by=",
            string.Join(' ', json.Select(member => $"{member.Key}={member.Value}")));
        Assert.Equal(
            ["deadline  ok: invoices of 2026-07-01 due by 2026-07-02T00:00:00+07:00, in 2 h 13 min; same-day, Decree 254/2026/NĐ-CP, Art. 16.3 (practice)"],
            DeadlineText.ForPeople(Status(json, Day)));
    }

    [Fact]
    public void A_missed_deadline_says_since_when_and_what_extended_it()
    {
        AnnouncedOutage outage = new(Midnight.AddHours(-1), Midnight.AddHours(4), "12/TB-CT");
        JsonObject json = DeadlineText.From(Report(Midnight.AddHours(6 + 50).AddSeconds(1), outage))!;

        Assert.Equal(("missed", -180_001), (json["state"]!.GetValue<string>(), json["remaining_s"]!.GetValue<long>()));
        Assert.Equal(
            "deadline  missed: invoices of 2026-07-01 due by 2026-07-02T06:00:00+07:00, 50 h 00 min ago; same-day, Decree 254/2026/NĐ-CP, Art. 16.3 (practice); "
            + "extended by 12/TB-CT (2026-07-01T23:00:00+07:00 to 2026-07-02T04:00:00+07:00)",
            Assert.Single(DeadlineText.ForPeople(Status(json, Day))));
    }

    [Fact]
    public void Nothing_that_waits_and_a_doubtful_rate_are_said()
    {
        Assert.Null(DeadlineText.From(null));
        Assert.Equal(
            [
                "deadline  no invoice waits",
                "doubt     8% from 2025-07-01 to 2026-12-31 (Resolution 204/2025/QH15; end not verified): sold on, but ask whether the rate still holds",
            ],
            DeadlineText.ForPeople(Status(null, new(2027, 1, 1))));
    }

    private static DeadlineReport Report(DateTimeOffset now, params AnnouncedOutage[] outages) =>
        DeadlineReport.Of(DeadlineTable.BuiltIn.Of(Day, outages), TimeSpan.FromHours(2), TimeSpan.FromHours(1), now);

    private static JsonObject Status(JsonObject? deadline, DateOnly today) =>
        new() { ["deadline"] = deadline?.DeepClone(), ["rate_doubts"] = DeadlineText.Doubts(today) };
}
