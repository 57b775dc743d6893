using Invoicing.Amounts;

namespace Invoicing.Invoices;

/// <summary>What the lines of one rate come to after all discounts.</summary>
/// <param name="Rate">The rate.</param>
/// <param name="Net">Without tax.</param>
/// <param name="Tax">The tax.</param>
public readonly record struct RateSum(TaxRate Rate, Money Net, Money Tax);
