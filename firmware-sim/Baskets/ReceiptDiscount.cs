namespace FirmwareSim.Baskets;

/// <summary>A discount on the whole receipt, in whole đồng, tax included.</summary>
internal sealed record ReceiptDiscount(long Amount, string Text, ushort PercentHundredths);
