using FirmwareSim.Tills;
using Invoicing.Registers.Drivers;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>What came of a run.</summary>
internal sealed record TillOutcome(
    RunReport Report, Ledger Ledger, IReadOnlyList<RungReceipt> Rung, IReadOnlyDictionary<string, int> Faults, long Bytes, int Cuts, DriverStatus Status)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Report}  cuts {Cuts}  faults {string.Join(' ', Faults.Select(f => $"{f.Key}:{f.Value}"))}{string.Concat(Ledger.Holes.Take(3).Select(h => $"\n    {h}"))}{string.Concat(Ledger.Gaps.Take(3).Select(g => $"\n    gap {g}"))}";
}
