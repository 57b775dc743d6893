using Invoicing.Chain;

namespace Invoicing.Authority.Enrolment.Registry;

/// <summary>What a device is told that asked for further ranges.</summary>
/// <param name="Grant">The grant as it was signed; <see langword="null"/> if there is nothing to grant.</param>
/// <param name="Text">Why there is nothing; empty otherwise.</param>
internal sealed record RangeAnswer(SignedRangeGrant? Grant, string Text);
