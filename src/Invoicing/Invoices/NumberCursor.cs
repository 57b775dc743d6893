namespace Invoicing.Invoices;

/// <summary>A granted range and how far it is used: what a journal keeps, so that no number is taken twice.</summary>
/// <param name="Range">As granted.</param>
/// <param name="Next">The next number to take; <c>Range.Last + 1</c> when the range is used up.</param>
public readonly record struct NumberCursor(NumberRange Range, int Next)
{
    /// <summary>How many numbers are left.</summary>
    public int Left => Range.Last - Next + 1;
}
