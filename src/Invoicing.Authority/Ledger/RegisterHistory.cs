using Invoicing.Hashing;

namespace Invoicing.Authority.Ledger;

/// <summary>Where the ledger stands with one register.</summary>
/// <param name="IsKnown">Whether any entry of the seller rests on a record of this register.</param>
/// <param name="IsEpochKnown">Whether one of this epoch does.</param>
/// <param name="LastSequence">Highest sequence of the epoch; 0 if none.</param>
/// <param name="LastRecordHash">Hash of that record.</param>
internal readonly record struct RegisterHistory(bool IsKnown, bool IsEpochKnown, long LastSequence, Sha256Hash? LastRecordHash);
