namespace Invoicing.Gateway.Uplink;

/// <summary>What a link tells of itself.</summary>
/// <param name="Sending">Whether entries go out.</param>
/// <param name="Alarm">What a person should know though nothing stopped; else <see langword="null"/>.</param>
internal sealed record LinkStatus(SendingStatus Sending, string? Alarm);
