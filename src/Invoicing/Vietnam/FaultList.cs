using System.Collections.Immutable;
using Invoicing.Invoices;

namespace Invoicing.Vietnam;

/// <summary>Collects faults; costs nothing as long as there is none, which is nearly always.</summary>
internal struct FaultList
{
    private ImmutableArray<RuleFault>.Builder? _faults;

    /// <summary>Whether a rule was broken.</summary>
    public readonly bool Any => _faults is not null;

    /// <summary>Notes a broken rule.</summary>
    public void Add(string rule, string path, string expected, string found) =>
        (_faults ??= ImmutableArray.CreateBuilder<RuleFault>()).Add(new(rule, path, expected, found));

    /// <summary>The faults in the order of the rules.</summary>
    public readonly ImmutableArray<RuleFault> ToImmutable() => _faults?.ToImmutable() ?? [];
}
