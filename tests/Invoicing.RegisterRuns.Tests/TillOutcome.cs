using FirmwareSim.Tills;
using Invoicing.Registers.Drivers;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>What came of a run.</summary>
internal sealed record TillOutcome(
    RunReport Report, Ledger Ledger, IReadOnlyList<RungReceipt> Rung, IReadOnlyDictionary<string, int> Faults, long Bytes, int Cuts, DriverStatus Status)
{
    /// <summary>How often the edge was stopped.</summary>
    public int Stops { get; init; }

    /// <inheritdoc/>
    public override string ToString()
    {
        IEnumerable<Receipt> sold = Rung.Where(r => r.Class == ReceiptClass.Sale).Select(r => new Receipt(Receipt.Plain(r.Number), r.Total));
        string[] lines =
        [
            $"{Report}  cuts {Cuts}  stops {Stops}  faults {string.Join(' ', Faults.Select(f => $"{f.Key}:{f.Value}"))}",
            .. Report.Missing > 0 ? [$"the driver at the end: {Status.Phase}, durable {Status.Durable}, {Status.Trouble}"] : Array.Empty<string>(),
            .. Ledger.Holes.Take(Shown).Select(hole => hole.ToString()),
            .. Ledger.Gaps.Take(Shown).Select(gap => $"gap {gap}"),
            .. Ledger.Invoices.Except(sold).Take(Shown).Select(invoice => $"of no sale: {invoice}"),
            .. sold.Except(Ledger.Invoices).Take(Shown).Select(sale => $"no invoice: {sale}"),
        ];
        return string.Join("\n    ", lines);
    }

    /// <summary>Most of each kind that are shown.</summary>
    private const int Shown = 3;
}
