using System.Collections.Immutable;
using Invoicing.Invoices;

namespace Invoicing.Gateway.Recording;

/// <summary>What became of a correction; handed out only after the commit.</summary>
/// <param name="Correction">What was entered; <see langword="null"/> if nothing was.</param>
/// <param name="Entry">Its entry.</param>
/// <param name="Faults">Why nothing was entered, by rule.</param>
/// <param name="Reason">Why nothing can be entered now.</param>
internal sealed record CorrectionResult(
    Correction? Correction, PendingEntry? Entry, ImmutableArray<RuleFault> Faults, string? Reason = null)
{
    /// <summary>The invoice, where it is no correction's.</summary>
    public Invoice? Invoice { get; init; }

    public static CorrectionResult NotNow(string reason) => new(null, null, [], reason);

    public static CorrectionResult Refused(ImmutableArray<RuleFault> faults) => new(null, null, faults);
}
