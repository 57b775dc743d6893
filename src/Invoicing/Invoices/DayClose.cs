using Invoicing.Sales;

namespace Invoicing.Invoices;

/// <summary>The end of a register's day or shift (Z).</summary>
/// <remarks>Immutable.</remarks>
/// <param name="Date">Date of the close, in GMT+7.</param>
/// <param name="FirstSequence">First record of the period.</param>
/// <param name="LastSequence">Last record before the close; below <paramref name="FirstSequence"/> if there was none.</param>
/// <param name="Recorded">What is recorded here.</param>
/// <param name="Stated">What the register printed; <see langword="null"/> where it stated nothing that can be read.</param>
public sealed record DayClose(DateOnly Date, ulong FirstSequence, ulong LastSequence, DayTotals Recorded, StatedTotals? Stated);
