using Invoicing.Sales;

namespace Invoicing.Registers.Datecs.Layouts;

/// <summary>A payment line of a printed document.</summary>
/// <param name="Pattern">Regular expression with the group <c>amount</c>.</param>
/// <param name="Means">What it means.</param>
public sealed record PaymentWord(string Pattern, PaymentMeans Means);
