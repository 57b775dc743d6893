using Invoicing.Chain;

namespace Invoicing.Authority.Ledger;

/// <summary>A judgement that no other entry can change.</summary>
/// <param name="Outcome">Rejected, or not judged.</param>
/// <param name="Rule">Id of the rule, at most 40 characters.</param>
/// <param name="Text">What was expected, what was found, what to do.</param>
internal sealed record EntryFault(VerdictOutcomeKind Outcome, string Rule, string Text);
