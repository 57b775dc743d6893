using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Invoicing.Documents;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Settings;

namespace Invoicing.NationalXml.Tests.Scenarios;

/// <summary>One file of tests/scenarios: a sale, all that it is judged by, and what must come of it.</summary>
public sealed record Scenario
{
    public required int Number { get; init; }

    public required ImmutableArray<string> Rules { get; init; }

    public required string Seller { get; init; }

    public required InvoiceKind Kind { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public TimeSpan? ClockDifference { get; init; }

    public string? Catalogue { get; init; }

    public PrintedInvoice? Recovered { get; init; }

    public ScenarioCorrection? Correction { get; init; }

    public required Sale Sale { get; init; }

    public required JsonElement Expect { get; init; }

    /// <summary>Faults of the rules, as <c>VN-TOTAL-2 at Total</c>; <c>default</c> where an invoice is expected.</summary>
    public ImmutableArray<string> Faults => Expect.TryGetProperty("faults", out JsonElement faults) ? Texts(faults) : default;

    /// <summary>Name of the golden file; <see langword="null"/> where none is expected.</summary>
    public string? Xml => Expect.TryGetProperty("xml", out JsonElement xml) ? xml.GetString() : null;

    public static Scenario Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement json = document.RootElement.Clone();
        int number = int.Parse(Path.GetFileName(path).AsSpan(0, 2), CultureInfo.InvariantCulture);
        return new()
        {
            Number = number,
            Rules = Texts(json.GetProperty("rules")),
            Seller = json.GetProperty("seller").GetString()!,
            Kind = (InvoiceKind)json.GetProperty("kind").GetInt32(),
            RecordedAt = json.GetProperty("recorded_at").GetDateTimeOffset(),
            ClockDifference = Optional(json, "clock_difference_s") is { } seconds ? TimeSpan.FromSeconds(seconds.GetInt32()) : null,
            Catalogue = Optional(json, "catalogue")?.GetString(),
            Recovered = Optional(json, "recovered") is { } held
                ? new(held.GetProperty("code").GetString()!, held.GetProperty("series").GetString()!, held.GetProperty("number").GetInt32())
                : null,
            Correction = Optional(json, "correction") is { } correction ? ReadCorrection(correction) : null,
            Sale = SaleDocument.Read(
                JsonSettings.Parse(json.GetProperty("sale").GetRawText(), path), new(new("SIM-0001"), 7, (ulong)number)),
            Expect = json.GetProperty("expect"),
        };
    }

    private static ScenarioCorrection ReadCorrection(JsonElement json) => new(
        (CorrectionType)json.GetProperty("type").GetInt32(),
        json.GetProperty("of").GetInt32(),
        json.GetProperty("reason").GetString()!,
        Optional(json, "before") is { } before ? [.. before.EnumerateArray().Select(number => number.GetInt32())] : [],
        Optional(json, "whole") is { ValueKind: JsonValueKind.True });

    private static ImmutableArray<string> Texts(JsonElement list) => [.. list.EnumerateArray().Select(text => text.GetString()!)];

    private static JsonElement? Optional(JsonElement json, string key) => json.TryGetProperty(key, out JsonElement value) ? value : null;
}
