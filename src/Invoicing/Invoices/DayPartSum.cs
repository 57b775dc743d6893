using Invoicing.Amounts;

namespace Invoicing.Invoices;

/// <summary>One part of a day's records.</summary>
/// <param name="Part">Which.</param>
/// <param name="Count">How many records.</param>
/// <param name="Total">What they come to.</param>
public readonly record struct DayPartSum(DayPart Part, long Count, Money Total);
