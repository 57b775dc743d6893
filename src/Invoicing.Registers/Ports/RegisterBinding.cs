namespace Invoicing.Registers.Ports;

/// <summary>The judgement of one configured register.</summary>
/// <param name="Configured">The register.</param>
/// <param name="Node">The node that it may use; <see langword="null"/> if it is refused.</param>
/// <param name="Refusal">Why it may use none, and what to do; <see langword="null"/> if it may.</param>
public sealed record RegisterBinding(ConfiguredPort Configured, string? Node, string? Refusal);
