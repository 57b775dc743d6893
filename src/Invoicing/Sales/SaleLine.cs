using Invoicing.Amounts;

namespace Invoicing.Sales;

/// <summary>One line of a sale, as rung up.</summary>
/// <remarks>Limits are the law's (Decision 1271/QĐ-CT, HHDVu) and are judged by the rules, not here: a line says what the register said.</remarks>
public sealed record SaleLine
{
    /// <summary>Code of the goods in the shop's own list (PLU, bar code), if the register has one. At most 50 characters.</summary>
    public string? Code { get; init; }

    /// <summary>Name as it stood at the sale. At most 500 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Unit of the quantity (<c>ly</c>, <c>kg</c>). At most 50 characters.</summary>
    public string Unit { get; init; } = string.Empty;

    /// <summary>Quantity, at most six decimals; negative on a voided line.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Price of one unit in đồng, at most six decimals.</summary>
    public required decimal UnitPrice { get; init; }

    /// <summary>Discount on this line, not negative, already taken off <see cref="Amount"/>.</summary>
    public Money Discount { get; init; }

    /// <summary>VAT treatment.</summary>
    public required TaxRate Rate { get; init; }

    /// <summary>Amount of the line after its discount, as the register printed it.</summary>
    public required Money Amount { get; init; }
}
