using Invoicing.Hashing;

namespace Invoicing.Registers.Eutron;

/// <summary>A receipt of the log without its content.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Stamp">Date and time of its REGIS.</param>
/// <param name="Hash">Hash of its content.</param>
internal readonly record struct IndexedReceipt(int Number, ReadOnlyMemory<byte> Stamp, Sha256Hash Hash);
