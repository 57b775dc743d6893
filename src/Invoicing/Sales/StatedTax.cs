using Invoicing.Amounts;

namespace Invoicing.Sales;

/// <summary>What a register says the sales of one rate came to.</summary>
/// <param name="Rate">The rate.</param>
/// <param name="Net">Without tax.</param>
/// <param name="Tax">The tax.</param>
public readonly record struct StatedTax(TaxRate Rate, Money Net, Money Tax);
