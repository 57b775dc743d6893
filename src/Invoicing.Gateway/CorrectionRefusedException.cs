using System.Collections.Immutable;
using Invoicing.Invoices;

namespace Invoicing.Gateway;

/// <summary>The law, or what is recorded, forbids the correction; nothing was recorded.</summary>
/// <param name="code">The invoice that was to be corrected.</param>
/// <param name="faults">Every rule that it breaks.</param>
public sealed class CorrectionRefusedException(AuthorityCode code, ImmutableArray<RuleFault> faults)
    : InvoicingException($"{code} cannot be corrected in this way: {string.Join("; ", faults)}")
{
    /// <summary>Every rule that it breaks, at least one.</summary>
    public ImmutableArray<RuleFault> Faults { get; } = faults;
}
