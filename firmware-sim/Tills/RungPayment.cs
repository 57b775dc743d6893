using FirmwareSim.Baskets;

namespace FirmwareSim.Tills;

/// <summary>One payment, change already taken off.</summary>
/// <param name="Means">How.</param>
/// <param name="Amount">Whole đồng.</param>
internal sealed record RungPayment(Means Means, long Amount);
