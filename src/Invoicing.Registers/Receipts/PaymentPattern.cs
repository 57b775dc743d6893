using Invoicing.Sales;

namespace Invoicing.Registers.Receipts;

/// <summary>How a means of payment is printed.</summary>
/// <param name="Line">The line, with the group <c>amount</c>.</param>
/// <param name="Means">What it was paid by.</param>
public sealed record PaymentPattern(string Line, PaymentMeans Means);
