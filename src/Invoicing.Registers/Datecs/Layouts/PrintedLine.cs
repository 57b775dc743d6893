using Invoicing.Amounts;

namespace Invoicing.Registers.Datecs.Layouts;

/// <summary>Goods as a document prints them. Mutable only while the document is read.</summary>
internal sealed record PrintedLine(string Name, decimal Quantity, decimal Price, Money Amount, string Tax)
{
    /// <summary>Discounts printed below, already taken off nothing: <see cref="Amount"/> is what the line prints.</summary>
    public Money Discount { get; init; }
}
