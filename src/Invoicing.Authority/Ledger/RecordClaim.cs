namespace Invoicing.Authority.Ledger;

/// <summary>A register's record: unique among the entries of a seller.</summary>
/// <param name="Register">Serial of the register.</param>
/// <param name="Epoch">One life of its journal.</param>
/// <param name="Sequence">From 1.</param>
internal readonly record struct RecordClaim(string Register, ulong Epoch, long Sequence);
