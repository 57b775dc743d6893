namespace Invoicing.Invoices;

/// <summary>A granted range and how far it is used: what a journal keeps, so that no digits are taken twice.</summary>
/// <param name="Range">As granted.</param>
/// <param name="Next">The next digits to take; <c>Range.Last + 1</c> when the range is used up.</param>
public readonly record struct CodeCursor(CodeRange Range, long Next)
{
    /// <summary>How many codes are left.</summary>
    public long Left => Range.Last - Next + 1;
}
