namespace Invoicing.Gateway.Uplink;

/// <summary>A batch under way.</summary>
/// <param name="Last">Its last position.</param>
/// <param name="Bytes">Its weight.</param>
internal readonly record struct SentRun(long Last, long Bytes);
