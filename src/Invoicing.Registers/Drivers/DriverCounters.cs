using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Invoicing.Registers.Drivers;

/// <summary>What a driver counts, by name. Safe for any number of threads; names are constants, so their number is bounded by the code.</summary>
internal sealed class DriverCounters
{
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Adds one.</summary>
    public void Add(string name) => _counts.AddOrUpdate(name, 1, static (_, count) => count + 1);

    /// <summary>The counts now; those at 0 are absent.</summary>
    public ImmutableDictionary<string, long> Snapshot() => _counts.ToImmutableDictionary(StringComparer.Ordinal);
}
