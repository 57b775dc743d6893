namespace FirmwareSim.Baskets;

/// <summary>One payment, change already taken off.</summary>
internal sealed record Payment(Means Means, long Amount, string? Reference);
