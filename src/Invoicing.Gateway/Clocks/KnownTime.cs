namespace Invoicing.Gateway.Clocks;

/// <summary>The best that is known of the time, for judging certificates.</summary>
/// <param name="At">UTC, milliseconds since 1970-01-01.</param>
/// <param name="IsLowerBound">Whether it may also be any later: the system's clock is not plausible, so only what is past is known.</param>
internal readonly record struct KnownTime(long At, bool IsLowerBound);
