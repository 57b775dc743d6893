using System.Collections.Immutable;
using Invoicing.Invoices;

namespace Invoicing.Vietnam;

/// <summary>What became of a sale before its turn at the journal. A closed family.</summary>
public abstract record DraftResult
{
    private DraftResult()
    {
    }

    /// <summary>The sale breaks no rule.</summary>
    /// <param name="Draft">All of the invoice but its identity.</param>
    public sealed record Drafted(InvoiceDraft Draft) : DraftResult;

    /// <summary>The sale is to be held: recorded as it is, never guessed, never changed.</summary>
    /// <param name="Faults">Every rule that it breaks, at least one.</param>
    public sealed record Faulty(ImmutableArray<RuleFault> Faults) : DraftResult;
}
