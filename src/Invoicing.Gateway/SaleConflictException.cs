using Invoicing.Hashing;
using Invoicing.Sales;

namespace Invoicing.Gateway;

/// <summary>The same key came before with other content. Both are kept, and the register's line stops until a person decides.</summary>
/// <param name="key">Register, epoch, sequence.</param>
/// <param name="first">Hash of the record that came first and stays.</param>
public sealed class SaleConflictException(SaleKey key, Sha256Hash first)
    : InvoicingException(
        $"{key}: expected the record with hash {first}, which is recorded, found another under the same key; find out which is right and release the register")
{
    /// <summary>Register, epoch, sequence.</summary>
    public SaleKey Key { get; } = key;

    /// <summary>Hash of the record that came first.</summary>
    public Sha256Hash First { get; } = first;
}
