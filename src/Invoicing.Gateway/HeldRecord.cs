using Invoicing.Sales;

namespace Invoicing.Gateway;

/// <summary>A sale that is recorded and could not be made an invoice.</summary>
/// <param name="Position">Its entry.</param>
/// <param name="Key">Register, epoch, sequence.</param>
/// <param name="Rule">Id of the first rule that it breaks.</param>
/// <param name="Reason">What was expected and what was found, for people.</param>
/// <param name="Record">The record as the register wrote it; empty if it had no bytes, or they were erased.</param>
public sealed record HeldRecord(long Position, SaleKey Key, string Rule, string Reason, ReadOnlyMemory<byte> Record);
