using Invoicing.Settings;

namespace Invoicing.Tests.Settings;

public sealed class JsonSettingsTests
{
    [Theory]
    [InlineData("{}", "name", "a text", "nothing")]
    [InlineData("""{"name": 7}""", "name", "a text", "7")]
    [InlineData("""{"name": ""}""", "name", "a text", "\"\"")]
    [InlineData("""{"name": "x", "count": 11}""", "count", "a whole number from 1 to 10", "11")]
    [InlineData("""{"name": "x", "count": 1.5}""", "count", "a whole number from 1 to 10", "1.5")]
    [InlineData("""{"name": "x", "on": "yes"}""", "on", "true or false", "\"yes\"")]
    [InlineData("""{"name": "x", "items": {}}""", "items", "a list [ … ]", "{}")]
    [InlineData("""{"name": "x", "items": [{"name": 1}]}""", "items[0].name", "a text", "1")]
    [InlineData("""{"name": "x", "items": [3]}""", "items[0]", "an object { … }", "3")]
    [InlineData("""{"name": "x", "nmae": "y"}""", "nmae", "one of the keys name, count, on, items", "a key that is not known")]
    [InlineData("[]", "(whole file)", "an object { … }", "[]")]
    public void A_bad_value_is_named_with_what_was_expected_and_found(string json, string key, string expected, string found)
    {
        SettingsException fault = Assert.Throws<SettingsException>(() => Read(json));

        Assert.Equal($"edge.json: key '{key}': expected {expected}, found {found}", fault.Message);
        Assert.Equal(key, fault.Key);
    }

    [Theory]
    [InlineData("""{"day": "2026-12-31", "at": "2026-12-31T22:00:00+07:00", "span": "90m"}""", null)]
    [InlineData("""{"day": "2026-12-31", "at": "2026-12-31T15:00:00Z"}""", null)]
    [InlineData("""{"at": "2026-12-31T22:00:00Z"}""", "key 'day': expected a date such as 2026-12-31, found nothing")]
    [InlineData("""{"day": "31/12/2026"}""", "key 'day': expected a date such as 2026-12-31, found '31/12/2026'")]
    [InlineData("""{"day": "2026-02-29"}""", "key 'day': expected a date such as 2026-12-31, found '2026-02-29'")]
    [InlineData("""{"day": "2026-12-31", "at": "2026-12-31T22:00:00"}""", "key 'at': expected an instant with its offset such as 2026-12-31T22:00:00+07:00")]
    [InlineData("""{"day": "2026-12-31", "at": "2026-12-31T22:00:00Z", "span": "90"}""", "key 'span': expected a time such as 90m (s, m, h or d) from 60s to 7200s")]
    [InlineData("""{"day": "2026-12-31", "at": "2026-12-31T22:00:00Z", "span": "3h"}""", "found '3h'")]
    [InlineData("""{"day": "2026-12-31", "at": "2026-12-31T22:00:00Z", "span": "-1h"}""", "found '-1h'")]
    [InlineData("""{"day": "2026-12-31", "at": "2026-12-31T22:00:00Z", "span": "99999999999d"}""", "found '99999999999d'")]
    [InlineData("""{"day": "2026-12-31", "at": "2026-12-31T22:00:00Z", "span": "2147483647d"}""", "found '2147483647d'")]
    [InlineData("""{"day": "2026-12-31", "at": "2026-12-31T22:00:00Z", "span": "59s"}""", "found '59s'")]
    public void Times_are_read_exactly(string json, string? says)
    {
        var settings = JsonSettings.Parse(json, "edge.json");
        if (says is null)
        {
            Assert.Equal((new DateOnly(2026, 12, 31), new DateTimeOffset(2026, 12, 31, 15, 0, 0, TimeSpan.Zero)), (settings.Date("day"), settings.Instant("at")));
            Assert.Equal(TimeSpan.FromMinutes(90), Span(settings));
            return;
        }

        SettingsException fault = Assert.Throws<SettingsException>(() => (settings.Date("day"), settings.Instant("at"), Span(settings)));
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_not_json_is_named_with_its_place()
    {
        SettingsException fault = Assert.Throws<SettingsException>(() => Read("{\n  \"name\": x }"));

        Assert.Contains("LineNumber: 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Comments_and_trailing_commas_are_read_over()
    {
        Assert.Equal(3, Read("""{ "name": "x", /* three */ "count": 3, "on": true, "items": [ { "name": "y" }, ], }"""));
    }

    private static TimeSpan Span(JsonSettings settings) =>
        settings.Duration("span", TimeSpan.FromMinutes(1), TimeSpan.FromHours(2), byDefault: TimeSpan.FromMinutes(90));

    private static long Read(string json)
    {
        var settings = JsonSettings.Parse(json, "edge.json");
        settings.Text("name");
        long count = settings.Number("count", 1, 10, byDefault: 2);
        settings.Flag("on", byDefault: false);
        foreach (JsonSettings item in settings.Objects("items"))
        {
            item.Text("name");
            item.Done();
        }

        settings.Done();
        return count;
    }
}
