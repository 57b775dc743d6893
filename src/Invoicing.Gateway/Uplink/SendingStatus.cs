namespace Invoicing.Gateway.Uplink;

/// <summary>Whether entries are sent, and if not, why and what to do.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">Why, for people; <see langword="null"/> when all is well.</param>
/// <param name="WayOut">What ends it; <see langword="null"/> when all is well.</param>
public sealed record SendingStatus(SendingState State, string? Reason = null, string? WayOut = null);
