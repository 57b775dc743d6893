using Invoicing.Sales;

namespace Invoicing.Gateway.Recording;

/// <summary>What becomes of a buyer that was stated. A closed family.</summary>
internal abstract record BuyerStatement
{
    private BuyerStatement()
    {
    }

    /// <summary>A sale waited for it.</summary>
    public sealed record Taken(HeldSale Sale) : BuyerStatement;

    /// <summary>The sale is being recorded already, with another buyer or none.</summary>
    public sealed record TooLate(HeldSale Sale) : BuyerStatement;

    /// <summary>It waits for the sale.</summary>
    public sealed record Noted(NotedBuyer Note) : BuyerStatement;

    /// <summary>Sales of this register wait for nobody.</summary>
    public sealed record NoHold(RegisterId Register) : BuyerStatement;
}
