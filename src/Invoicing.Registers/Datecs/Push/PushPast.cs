using System.Collections.Immutable;

namespace Invoicing.Registers.Datecs.Push;

/// <summary>
/// What a line remembers of the registers on it from one connection to the next, as evidence and never as a cursor: UN of the last event that is
/// recorded of each. One thread at a time writes; any may read.
/// </summary>
internal sealed class PushPast
{
    /// <summary>Most registers that are remembered: of those that were put on one line one after the other.</summary>
    private const int MaxRegisters = 64;

    private volatile ImmutableDictionary<string, ulong> _counters = ImmutableDictionary<string, ulong>.Empty;

    /// <summary>UN of the last recorded event, by register.</summary>
    public ImmutableDictionary<string, ulong> Counters => _counters;

    /// <summary>A receipt is recorded.</summary>
    public void Note(PushReceipt receipt)
    {
        if (receipt.Counter is { } counter && (_counters.Count < MaxRegisters || _counters.ContainsKey(receipt.Register)))
        {
            _counters = _counters.SetItem(receipt.Register, counter);
        }
    }
}
