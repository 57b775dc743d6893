namespace Invoicing.Registers.Drivers;

/// <summary>How far the records of a book are at one moment. Immutable.</summary>
/// <param name="Phase"><see cref="DriverPhase.Opening"/>, <see cref="DriverPhase.Open"/> or <see cref="DriverPhase.Stopped"/>.</param>
/// <param name="Durable">Everything up to here is recorded.</param>
/// <param name="Trouble">Why records wait, in one sentence; <see langword="null"/> if they do not.</param>
internal sealed record CaptureProgress(DriverPhase Phase, ulong Durable, string? Trouble);
