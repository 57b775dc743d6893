using System.Globalization;
using System.Text.Json.Nodes;
using Invoicing.Gateway.Clocks;
using Invoicing.Gateway.Enrolment;

namespace Invoicing.Edge.Control;

/// <summary>The device's identity and its clock in the status: for scripts, and for people.</summary>
internal static class IdentityText
{
    public static JsonObject? From(IdentityStatus? identity) => identity is null ? null : new()
    {
        ["name"] = identity.Name,
        ["certificate_ends"] = identity.CertificateEnds.ToString("O", CultureInfo.InvariantCulture),
        ["state"] = identity.State.ToString(),
        ["renews_itself"] = identity.RenewsItself,
        ["trouble"] = identity.Trouble,
    };

    public static JsonObject From(ClockStatus clock) => new()
    {
        ["source"] = clock.IsAuthority ? "authority" : "system",
        ["authority_time"] = clock.AuthorityTime?.ToString("O", CultureInfo.InvariantCulture),
        ["difference_s"] = clock.Difference is { } difference ? Math.Round(difference.TotalSeconds, 1) : null,
        ["remarkable"] = clock.IsRemarkable,
    };

    /// <summary>Lines of the status.</summary>
    public static IEnumerable<string> ForPeople(JsonObject status)
    {
        if (status["identity"] is JsonObject identity)
        {
            yield return $"identity  {identity["name"]}, {Certificate(identity)}";
        }

        if (status["clock"] is JsonObject clock && clock["difference_s"]?.GetValue<double>() is { } seconds)
        {
            yield return $"clock     {Difference(TimeSpan.FromSeconds(seconds))} the authority's ({Instant(clock["authority_time"]!).ToUniversalTime():yyyy-MM-dd HH:mm:ss} UTC)"
                + (clock["source"]!.GetValue<string>() == "authority" ? ", which counts, as ours is wrong: set it"
                    : clock["remarkable"]!.GetValue<bool>() ? ": set it, if ours is wrong"
                    : string.Empty);
        }
    }

    /// <summary>How far a clock is from another: the beginning of a sentence that ends with the other.</summary>
    public static string Difference(TimeSpan difference)
    {
        string how = difference < TimeSpan.Zero ? "behind" : "ahead of";
        TimeSpan far = difference.Duration();
        (double number, string unit) = far switch
        {
            { TotalMinutes: < 2 } => (far.TotalSeconds, "s"),
            { TotalHours: < 2 } => (far.TotalMinutes, "min"),
            { TotalDays: < 2 } => (far.TotalHours, "h"),
            _ => (far.TotalDays, "days"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{number:0.#} {unit} {how}");
    }

    private static string Certificate(JsonObject identity)
    {
        string ends = Instant(identity["certificate_ends"]!).ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        string trouble = identity["trouble"] is { } why ? $"; the last renewal failed: {why}" : string.Empty;
        string renewal = identity["renews_itself"]!.GetValue<bool>() ? string.Empty
            : "; a bundle does not renew itself: add \"identity\": \"device/\" to the configuration and start the service again";
        return Enum.Parse<CertificateState>(identity["state"]!.GetValue<string>()) switch
        {
            CertificateState.Ended => $"certificate ENDED on {ends}: nothing is sent before it is renewed{renewal}{trouble}",
            CertificateState.EndsSoon => $"certificate ends SOON, on {ends}{renewal}{trouble}",
            _ => $"certificate until {ends}{trouble}",
        };
    }

    private static DateTimeOffset Instant(JsonNode text) => DateTimeOffset.Parse(text.GetValue<string>(), CultureInfo.InvariantCulture);
}
