using Invoicing.Sales;

namespace Invoicing.Gateway;

/// <summary>Nothing was recorded, because the register's record before this one is missing.</summary>
/// <param name="key">Register, epoch, sequence.</param>
/// <param name="expected">The sequence that must come first.</param>
public sealed class SaleOutOfOrderException(SaleKey key, ulong expected)
    : InvoicingException($"{key}: expected sequence {expected} first; issue the missing sales in their order, then this one")
{
    /// <summary>Register, epoch, sequence.</summary>
    public SaleKey Key { get; } = key;

    /// <summary>The sequence that must come first.</summary>
    public ulong Expected { get; } = expected;
}
