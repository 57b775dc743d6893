using Invoicing.Amounts;

namespace Invoicing.Sales;

/// <summary>One line of a sale, as rung up.</summary>
/// <remarks>Limits are the law's (Decision 1271/QĐ-CT, HHDVu) and are judged by the rules, not here: a line says what the register said.</remarks>
public sealed record SaleLine
{
    /// <summary>Code of the goods in the shop's own list (PLU, bar code), if the register has one. At most 50 characters.</summary>
    public string? Code { get; init; }

    /// <summary>Name as it stood at the sale; may be empty where the shop's catalogue has it. At most 500 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Unit of the quantity (<c>ly</c>, <c>kg</c>). At most 50 characters.</summary>
    public string Unit { get; init; } = string.Empty;

    /// <summary>Quantity, at most six decimals; negative on a voided line and in an adjustment.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Price of one unit in đồng, at most six decimals.</summary>
    public required decimal UnitPrice { get; init; }

    /// <summary>Discount on this line, not negative, already taken off <see cref="Amount"/>.</summary>
    public Money Discount { get; init; }

    /// <summary>VAT treatment; <see langword="null"/> where the register states none and the shop's catalogue has to.</summary>
    public required TaxRate? Rate { get; init; }

    /// <summary>What the line is by law.</summary>
    public LineNature Nature { get; init; } = LineNature.Goods;

    /// <summary>Of <see cref="LineNature.Special"/> only.</summary>
    public SpecialGoods? Special { get; init; }

    /// <summary>Department that it was rung up in, if the register has departments: a key into the shop's catalogue. At most 20 characters.</summary>
    public string? Department { get; init; }

    /// <summary>The rate of a line that was judged.</summary>
    /// <exception cref="InvalidOperationException">The line states none, and was not judged.</exception>
    public TaxRate JudgedRate => Rate ?? throw new InvalidOperationException($"expected a line with a rate, found none on '{Name}': judge the sale first");

    /// <summary>Amount of the line after its discount, as the register printed it.</summary>
    public required Money Amount { get; init; }
}
