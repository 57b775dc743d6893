using Invoicing.Hashing;
using Invoicing.Sales;

namespace Invoicing.Gateway.Journal;

/// <summary>One life of a register's journal, as far as it is known here.</summary>
/// <param name="Id">Its row; 0 until it has one.</param>
/// <param name="Register">The register.</param>
/// <param name="Epoch">The life.</param>
/// <param name="BaseSequence">Records up to here were recorded by another device, or never will be.</param>
/// <param name="BaseHash">Record hash at <paramref name="BaseSequence"/>, where the authority told it.</param>
/// <param name="LastSequence">Last record that is durable, or declared lost.</param>
/// <param name="LostThrough">Last record that was declared lost; <paramref name="BaseSequence"/> if none was.</param>
/// <param name="Stopped">Why no more is taken until a person decides; else <see langword="null"/>.</param>
/// <param name="IsRetired">Whether a newer life of the same register has been welcomed.</param>
internal sealed record LineState(
    long Id, RegisterId Register, ulong Epoch, ulong BaseSequence, Sha256Hash? BaseHash, ulong LastSequence, ulong LostThrough,
    string? Stopped, bool IsRetired)
{
    public LineKey Key => new(Register, Epoch);
}
