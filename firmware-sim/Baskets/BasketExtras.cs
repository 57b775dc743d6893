namespace FirmwareSim.Baskets;

/// <summary>What a register rings up beside plain goods, on request: the default baskets have none of it.</summary>
[Flags]
internal enum BasketExtras
{
    None = 0,

    /// <summary>In a third of the receipts something is given away.</summary>
    Promotions = 1,

    /// <summary>In a third of them a note, as cafés print it.</summary>
    Notes = 2,

    /// <summary>In a quarter of them a trade discount as a line of its own.</summary>
    Discounts = 4,

    /// <summary>In a fifth of them the buyer is named.</summary>
    Buyers = 8,

    /// <summary>The lines say in which department they were rung up.</summary>
    Departments = 16,

    /// <summary>The register knows its goods by code only: no name, no unit, no tax class. A catalogue at the gateway has to.</summary>
    CodesOnly = 32,
}
