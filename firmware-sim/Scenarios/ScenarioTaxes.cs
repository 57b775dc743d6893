using System.Globalization;
using System.Text.Json;

namespace FirmwareSim.Scenarios;

/// <summary>The sums by rate that a plain till prints under a scenario: of its lines, before the receipt's discount.</summary>
/// <remarks>The gateway works out its own; a register only has to state some. One that knows not every line's rate states none.</remarks>
internal static class ScenarioTaxes
{
    private const int Whole = 10_000; // hundredths of a percent in 100 %

    /// <summary>Adds up.</summary>
    public static IReadOnlyList<Sum> Of(IReadOnlyList<JsonElement> lines, bool includesTax)
    {
        JsonElement[] taxed = [.. lines.Where(IsTaxed)];
        return taxed.Any(line => !line.TryGetProperty("rate", out _))
            ? []
            : [.. taxed.GroupBy(RateOf, StringComparer.Ordinal).Select(group => SumOf(group, includesTax))];
    }

    /// <summary>A rate in hundredths of a percent; 0 for KCT and KKKNT.</summary>
    public static int Hundredths(string rate)
    {
        string percent = rate.StartsWith("KHAC:", StringComparison.Ordinal) ? rate[5..] : rate;
        return percent.EndsWith('%') ? (int)(decimal.Parse(percent[..^1], CultureInfo.InvariantCulture) * 100) : 0;
    }

    private static string RateOf(JsonElement line) => line.GetProperty("rate").GetString()!;

    private static bool IsTaxed(JsonElement line) =>
        !line.TryGetProperty("nature", out JsonElement nature) || nature.GetInt32() is not (2 or 4);

    private static Sum SumOf(IGrouping<string, JsonElement> lines, bool includesTax)
    {
        decimal sum = lines.Sum(line => (decimal)line.GetProperty("amount").GetInt64());
        int hundredths = Hundredths(lines.Key);
        decimal net = includesTax ? Rounded(sum * Whole / (Whole + hundredths)) : sum;
        decimal tax = includesTax ? sum - net : Rounded(sum * hundredths / Whole);
        return new(lines.Key, (long)net, (long)tax);
    }

    private static decimal Rounded(decimal amount) => decimal.Round(amount, MidpointRounding.AwayFromZero);

    /// <summary>What one rate comes to, in đồng.</summary>
    internal sealed record Sum(string Rate, long Net, long Tax);
}
