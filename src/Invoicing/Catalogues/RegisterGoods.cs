using Invoicing.Amounts;

namespace Invoicing.Catalogues;

/// <summary>One article of a register's own price list, as a driver reads it from the register.</summary>
public sealed record RegisterGoods
{
    /// <summary>Its PLU number in the register, which its lines state as their code.</summary>
    public required string Number { get; init; }

    /// <summary>Its name in the register; may be empty.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Letter or number of its tax class in the register; empty if it has none.</summary>
    public string TaxClass { get; init; } = string.Empty;

    /// <summary>Its department; empty if it has none. No key of the article: many goods share it.</summary>
    public string Department { get; init; } = string.Empty;

    /// <summary>Its bar code; empty if it has none.</summary>
    public string BarCode { get; init; } = string.Empty;

    /// <summary>Its price, where the register holds one. A catalogue keeps no prices: the receipt's are the truth.</summary>
    public Money? Price { get; init; }
}
