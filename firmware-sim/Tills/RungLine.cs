using FirmwareSim.Baskets;

namespace FirmwareSim.Tills;

/// <summary>One line of a receipt as a simple register knows it.</summary>
/// <param name="Plu">The number the register's table has for the article.</param>
/// <param name="Name">What the table said when it was sold: unaccented, as small registers have it.</param>
/// <param name="Title">The name with its accents, as POS programs print it.</param>
/// <param name="Unit">What one is, with its accents.</param>
/// <param name="Department">From 1; one a tax class.</param>
/// <param name="TaxClass">The tax class.</param>
/// <param name="Quantity">Thousandths; negative: an earlier line taken back, or goods given back.</param>
/// <param name="Price">Whole đồng for one.</param>
/// <param name="Discount">Whole đồng taken off; at least 0 in a sale.</param>
/// <param name="Amount">Whole đồng after the discount.</param>
internal sealed record RungLine(
    long Plu, string Name, string Title, string Unit, int Department, TaxClass TaxClass, long Quantity, long Price, long Discount, long Amount)
{
    /// <summary>Before the discount.</summary>
    public long Gross => Amount + Discount;
}
