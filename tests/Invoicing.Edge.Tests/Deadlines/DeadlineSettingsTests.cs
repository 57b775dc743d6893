using Invoicing.Edge.Deadlines;
using Invoicing.Edge.Settings;
using Invoicing.Settings;
using Invoicing.Testing;
using Invoicing.Vietnam;

namespace Invoicing.Edge.Tests.Deadlines;

public sealed class DeadlineSettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_keys_the_built_in_rules_and_two_hours_hold()
    {
        DeadlineSettings settings = Load(string.Empty).Deadlines;

        Assert.Same(DeadlineTable.BuiltIn, settings.Table);
        Assert.Empty(settings.Outages);
        Assert.Equal(TimeSpan.FromHours(2), settings.WarnBefore);
    }

    [Fact]
    public void Outages_rules_and_the_time_of_warning_are_read()
    {
        File.WriteAllText(_folder.File("rules.json"), """
            { "rules": [ { "id": "next-day", "from": "2026-07-01", "days": 1, "source": "law", "certainty": "seen" } ] }
            """);
        DeadlineSettings settings = Load("""
            , "warn_before": "45m", "deadlines": "rules.json",
            "outages": [ { "from": "2026-07-01T20:00:00+07:00", "until": "2026-07-02T06:00:00+07:00", "notice": "12/TB-CT" } ]
            """).Deadlines;

        AnnouncedOutage outage = Assert.Single(settings.Outages);
        Assert.Equal(("12/TB-CT", TimeSpan.FromHours(10)), (outage.Notice, outage.Until - outage.From));
        Assert.Equal(TimeSpan.FromMinutes(45), settings.WarnBefore);
        Assert.Equal("next-day", settings.Table.Of(new(2026, 7, 1), []).Rule.Id);
    }

    [Theory]
    [InlineData(""", "warn_before": "2" """, "warn_before")]
    [InlineData(""", "warn_before": "25h" """, "warn_before")]
    [InlineData(""", "outages": [ { "from": "2026-07-01T20:00:00+07:00", "until": "2026-07-01T20:00:00+07:00", "notice": "n" } ] """, "outages[0].until")]
    [InlineData(""", "outages": [ { "from": "2026-07-01", "until": "2026-07-02T20:00:00+07:00", "notice": "n" } ] """, "outages[0].from")]
    [InlineData(""", "outages": [ { "from": "2026-07-01T20:00:00+07:00", "until": "2026-07-02T20:00:00+07:00" } ] """, "outages[0].notice")]
    [InlineData(""", "deadlines": "none.json" """, "deadlines")]
    public void A_bad_key_is_named(string keys, string key) =>
        Assert.Equal(key, Assert.Throws<SettingsException>(() => Load(keys)).Key);

    [Fact]
    public void There_is_a_bound_to_the_outages()
    {
        string outages = string.Join(", ", Enumerable.Repeat(
            """{ "from": "2026-07-01T20:00:00+07:00", "until": "2026-07-02T20:00:00+07:00", "notice": "n" }""", DeadlineTable.MaxOutages + 1));

        Assert.Equal("outages", Assert.Throws<SettingsException>(() => Load($", \"outages\": [ {outages} ]")).Key);
    }

    private EdgeSettings Load(string keys)
    {
        File.WriteAllText(_folder.File("edge.json"), $$"""{ "journal": "j", "bundle": "b"{{keys}} }""");
        return EdgeSettings.Load(_folder.File("edge.json"));
    }
}
