using Invoicing.Amounts;
using Invoicing.Sales;

namespace Invoicing.Catalogues;

/// <summary>What a shop states of its goods under one key, from a day on.</summary>
/// <remarks>What an item leaves empty it does not state: the register has to. Immutable.</remarks>
public sealed record CatalogueItem
{
    /// <summary>Most characters of a unit (DVTinh).</summary>
    public const int MaxUnit = 50;

    /// <summary>Most characters of a name (THHDVu).</summary>
    public const int MaxName = 500;

    /// <summary>The first day of an item whose list states none: it always counted.</summary>
    public static readonly DateOnly Always = DateOnly.MinValue;

    /// <summary>What it is found by.</summary>
    public required CatalogueKey Key { get; init; }

    /// <summary>Name for the invoice; empty: the register's.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Unit of the quantity; empty: the register's.</summary>
    public string Unit { get; init; } = string.Empty;

    /// <summary>VAT treatment; <see langword="null"/>: the register's.</summary>
    public TaxRate? Rate { get; init; }

    /// <summary>
    /// What such a line is by law; <see langword="null"/>: what the register says, as for goods that are sold and given away.
    /// </summary>
    public LineNature? Nature { get; init; }

    /// <summary>First day of issue that it counts for, in GMT+7.</summary>
    public DateOnly ValidFrom { get; init; } = Always;
}
