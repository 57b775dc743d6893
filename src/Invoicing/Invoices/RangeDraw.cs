namespace Invoicing.Invoices;

/// <summary>What came of taking a code and a number. A closed family.</summary>
public abstract record RangeDraw
{
    private RangeDraw()
    {
    }

    /// <summary>Both were taken.</summary>
    /// <param name="Identity">Code, series and number, never given before.</param>
    /// <param name="Rest">The ranges after it: to be kept in the same transaction as what bears the identity.</param>
    public sealed record Taken(InvoiceIdentity Identity, RangeAllocation Rest) : RangeDraw;

    /// <summary>Nothing was taken, neither code nor number, because one of them is used up.</summary>
    /// <param name="Missing">What has to be granted before the next invoice of that year, for people.</param>
    public sealed record Exhausted(string Missing) : RangeDraw;
}
