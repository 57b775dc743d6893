namespace Invoicing.Chain;

/// <summary>What a verifier found.</summary>
/// <param name="Entries">The entries that follow, in order; on a fault those before it that a signature established.</param>
/// <param name="State">The chain after them.</param>
/// <param name="Fault">The first fault; <see langword="null"/> if all entries follow.</param>
public sealed record VerifiedRun(IReadOnlyList<VerifiedEntry> Entries, ChainState State, ChainFault? Fault);
