namespace FirmwareSim.Baskets;

/// <summary>What one tax class comes to after all discounts; <c>Net + Tax</c> over all classes is the receipt's total.</summary>
internal sealed record TaxTotal(TaxClass Class, long Net, long Tax);
