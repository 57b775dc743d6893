using Invoicing.Sales;

namespace Invoicing.Gateway;

/// <summary>The sale is durable, but could not be made an invoice: it waits for data or a person.</summary>
/// <param name="key">Register, epoch, sequence.</param>
/// <param name="reason">The rules it breaks: what was expected and what was found.</param>
public sealed class SaleHeldException(SaleKey key, string reason) : InvoicingException($"{key} is recorded and held: {reason}")
{
    /// <summary>Register, epoch, sequence.</summary>
    public SaleKey Key { get; } = key;

    /// <summary>The rules it breaks.</summary>
    public string Reason { get; } = reason;
}
