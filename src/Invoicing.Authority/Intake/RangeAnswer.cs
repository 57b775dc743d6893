using Invoicing.Chain;

namespace Invoicing.Authority.Intake;

/// <summary>A grant of further ranges, or why there is none.</summary>
/// <param name="Grant">As signed; <see langword="null"/> if nothing is granted.</param>
/// <param name="Text">Why there is none: what was expected, what was found, what to do; at most 500 characters.</param>
internal sealed record RangeAnswer(SignedRangeGrant? Grant, string Text);
