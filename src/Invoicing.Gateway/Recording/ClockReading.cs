namespace Invoicing.Gateway.Recording;

/// <summary>The time for the next entries, or why there is none.</summary>
/// <param name="RecordedAt">UTC milliseconds since 1970-01-01; counts only without a fault.</param>
/// <param name="Fault">Why nothing can be recorded now; else <see langword="null"/>.</param>
internal readonly record struct ClockReading(long RecordedAt, string? Fault);
