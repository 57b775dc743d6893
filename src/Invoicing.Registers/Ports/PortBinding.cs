namespace Invoicing.Registers.Ports;

/// <summary>The judgement of one port.</summary>
/// <param name="Port">The port.</param>
/// <param name="State">Whose it is.</param>
/// <param name="Register">The register that it is bound to; <see langword="null"/> unless bound.</param>
/// <param name="Holder">Who has it open, <c>pid 4711 (minicom)</c>; <see langword="null"/> if nobody is seen to.</param>
/// <param name="MayProbe">Whether it may be asked what hangs on it: only if it is free and the operator allows it.</param>
/// <param name="Reason">Why it may or may not, one sentence.</param>
/// <param name="Address">What to write to mean this port and no other.</param>
public sealed record PortBinding(
    ListedPort Port, PortState State, string? Register, string? Holder, bool MayProbe, string Reason, PortAddress Address);
