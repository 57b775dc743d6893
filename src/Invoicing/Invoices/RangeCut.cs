namespace Invoicing.Invoices;

/// <summary>A run of codes and as many numbers, cut out of a chain's ranges.</summary>
/// <param name="Codes">Codes, never given before.</param>
/// <param name="Numbers">As many numbers.</param>
/// <param name="Rest">The ranges after it: to be kept in the same transaction as what states the cut.</param>
public sealed record RangeCut(CodeRange Codes, NumberRange Numbers, RangeAllocation Rest);
