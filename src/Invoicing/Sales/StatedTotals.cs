using System.Collections.Immutable;
using Invoicing.Amounts;

namespace Invoicing.Sales;

/// <summary>A register's own totals of a day or shift, as its Z report prints them. Nothing here is corrected.</summary>
/// <param name="Sales">Receipts in the period.</param>
/// <param name="Total">What they came to.</param>
/// <param name="Taxes">By rate; empty where the register does not say.</param>
/// <param name="Payments">By means; empty where the register does not say.</param>
public sealed record StatedTotals(long Sales, Money Total, ImmutableArray<StatedTax> Taxes, ImmutableArray<Payment> Payments);
