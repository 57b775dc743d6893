using System.Collections.Immutable;

namespace FirmwareSim.Baskets;

/// <summary>One sale as it is rung up. All amounts are whole đồng, tax included, and add up exactly:</summary>
/// <remarks>
/// total = sum of line amounts - receipt discount = sum of payments = sum of net and tax over the tax totals.
/// </remarks>
internal sealed record Basket(
    string Receipt, string Cashier, ImmutableArray<BasketLine> Lines, ReceiptDiscount? Discount, ImmutableArray<Payment> Payments)
{
    /// <summary>Quantities and unit prices run in millionths.</summary>
    public const long Micro = 1_000_000;

    /// <summary>Who bought, if the buyer asked to be named.</summary>
    public Buyer? Buyer { get; init; }

    /// <summary>
    /// 16 bytes that blind the buyer in the record's hash. A real register draws them at random; here all follows from the seed.
    /// </summary>
    public ImmutableArray<byte> Blind { get; init; } = [];

    /// <summary>Whether the lines name their department.</summary>
    public bool WithDepartments { get; init; }

    /// <summary>Whether the register knows nothing of its goods but their codes.</summary>
    public bool WithCodesOnly { get; init; }

    /// <summary>What the buyer has to pay.</summary>
    public long Total => Lines.Sum(line => line.Amount) - (Discount?.Amount ?? 0);

    /// <summary>Per tax class in the order of first occurrence, receipt discount spread by amount.</summary>
    public ImmutableArray<TaxTotal> TaxTotals => TaxBreakdown.Of([.. Lines.Where(line => line.IsTaxed)], Discount?.Amount ?? 0);
}
