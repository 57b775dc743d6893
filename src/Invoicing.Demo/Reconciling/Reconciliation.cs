using System.Globalization;
using System.Text.Json.Nodes;
using Invoicing.Sales;

namespace Invoicing.Demo.Reconciling;

/// <summary>Four counts that must agree, item by item: rung up, journaled, in the ledger, seen on the feed.</summary>
/// <param name="RungUp">Sales in the registers' own journals.</param>
/// <param name="Journaled">Invoices in the edge's journal.</param>
/// <param name="Ledger">Invoices in the authority's ledger.</param>
/// <param name="Feed">Invoices that the official saw live.</param>
/// <param name="Duplicates">Items that a party has twice.</param>
/// <param name="Missing">Sales rung up that some party lacks, or has with another hash, total or code.</param>
/// <param name="P50">Median of the time from ring-up to the official, ms.</param>
/// <param name="P99">99th percentile of the same, ms.</param>
internal sealed record Reconciliation(
    int RungUp, int Journaled, int Ledger, int Feed, long Duplicates, int Missing, double P50, double P99)
{
    /// <summary>Whether every sale is everywhere, once.</summary>
    public bool Agrees => RungUp == Journaled && RungUp == Ledger && RungUp == Feed && Duplicates == 0 && Missing == 0;

    /// <summary>Compares.</summary>
    public static Reconciliation Of(
        IReadOnlyList<SaleItem> rungUp, IReadOnlyList<SaleItem> journaled, IReadOnlyList<SaleItem> ledger, IReadOnlyList<SaleItem> feed,
        long feedDoubles, double p50, double p99)
    {
        IReadOnlyList<SaleItem>[] parties = [journaled, ledger, feed];
        long duplicates = feedDoubles + parties.Prepend(rungUp).Sum(items => (long)items.Count - items.Select(i => i.Key).Distinct().Count())
            + parties.Sum(items => (long)items.Count - items.Select(i => i.Code).Distinct(StringComparer.Ordinal).Count());
        HashSet<SaleKey> missing = [];
        foreach (Dictionary<SaleKey, SaleItem> party in parties.Select(items => items.DistinctBy(i => i.Key).ToDictionary(i => i.Key)))
        {
            missing.UnionWith(rungUp.Where(sale => !party.TryGetValue(sale.Key, out SaleItem? item) || !IsSame(sale, item)).Select(sale => sale.Key));
        }

        return new(rungUp.Count, journaled.Count, ledger.Count, feed.Count, duplicates, missing.Count, p50, p99);
    }

    /// <summary>One JSON line.</summary>
    public string ToJson() => new JsonObject
    {
        ["rung_up"] = RungUp,
        ["journaled"] = Journaled,
        ["ledger"] = Ledger,
        ["feed"] = Feed,
        ["duplicates"] = Duplicates,
        ["missing"] = Missing,
        ["p50_ms"] = Math.Round(P50, 1),
        ["p99_ms"] = Math.Round(P99, 1),
    }.ToJsonString();

    /// <summary>Some lines for people.</summary>
    public string ToText() => string.Create(CultureInfo.InvariantCulture, $"""

        rung up     {RungUp}
        journaled   {Journaled}
        ledger      {Ledger}
        seen        {Feed}
        duplicates  {Duplicates}
        missing     {Missing}
        ring-up to official: half within {P50:0.0} ms, 99 of 100 within {P99:0.0} ms
        {(Agrees ? "Every sale is everywhere, once." : "THE COUNTS DO NOT AGREE.")}
        """);

    private static bool IsSame(SaleItem sale, SaleItem item) =>
        sale.Hash == item.Hash && sale.Total == item.Total && (sale.Code is null || sale.Code == item.Code);
}
