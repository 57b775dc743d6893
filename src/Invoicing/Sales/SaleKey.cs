namespace Invoicing.Sales;

/// <summary>The key that makes a record of a register unique for ever: register, epoch of its journal, sequence in it.</summary>
/// <remarks>The same key never becomes two invoices. Source: design.md §2.</remarks>
/// <param name="Register">The register's serial.</param>
/// <param name="Epoch">One life of the register's own journal: random, made when that journal is created or wiped.</param>
/// <param name="Sequence">1-based and contiguous within the epoch.</param>
public readonly record struct SaleKey(RegisterId Register, ulong Epoch, ulong Sequence)
{
    /// <summary><c>SIM-0001/1122334455667788/17</c>: register, epoch in hexadecimal, sequence.</summary>
    public override string ToString() => $"{Register}/{Epoch:x16}/{Sequence}";
}
