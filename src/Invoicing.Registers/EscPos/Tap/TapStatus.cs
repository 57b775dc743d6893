using System.Collections.Immutable;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>A tap at one moment, for people. Immutable.</summary>
/// <param name="IsTillUp">Whether the till's line is open.</param>
/// <param name="IsPrinterUp">Whether the printer's line is open, or the tap stands in for it.</param>
/// <param name="Durable">Records that are durable.</param>
/// <param name="Trouble">What is wrong and what to do, in one sentence; <see langword="null"/> if nothing is.</param>
/// <param name="Counters">What was counted since the start, by name.</param>
internal sealed record TapStatus(bool IsTillUp, bool IsPrinterUp, ulong Durable, string? Trouble, ImmutableDictionary<string, long> Counters)
{
    /// <summary>Bytes from the till that were looked at since the start.</summary>
    internal long TillBytes { get; init; }
}
