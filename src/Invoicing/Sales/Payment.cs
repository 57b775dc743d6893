using Invoicing.Amounts;

namespace Invoicing.Sales;

/// <summary>A means of payment and what was paid by it.</summary>
/// <param name="Means">How.</param>
/// <param name="Amount">How much, in đồng, change already taken off.</param>
public readonly record struct Payment(PaymentMeans Means, Money Amount);
