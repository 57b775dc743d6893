using Invoicing.Hashing;
using Invoicing.Invoices;

namespace Invoicing.Authority.Ledger;

/// <summary>What an entry takes for itself and no other entry may have: whoever comes second is stored all the same, with a verdict.</summary>
/// <param name="Record">The register's record that the entry rests on.</param>
/// <param name="Code">The authority code.</param>
/// <param name="Number">The number in its series.</param>
internal readonly record struct Claims(RecordClaim? Record, CodeClaim? Code, NumberClaim? Number);

/// <summary>A register's record: unique among the entries of a seller.</summary>
/// <param name="Register">Serial of the register.</param>
/// <param name="Epoch">One life of its journal.</param>
/// <param name="Sequence">From 1.</param>
internal readonly record struct RecordClaim(string Register, ulong Epoch, long Sequence);

/// <summary>Digits of an authority code: unique under their block.</summary>
/// <param name="Range">The granted range that they lie in.</param>
/// <param name="Digits">The digits.</param>
internal readonly record struct CodeClaim(CodeRange Range, long Digits);

/// <summary>An invoice number: unique in its seller's series.</summary>
/// <param name="Range">The granted range that it lies in.</param>
/// <param name="Number">The number.</param>
internal readonly record struct NumberClaim(NumberRange Range, int Number);

/// <summary>Claims that were refused because an earlier entry holds them.</summary>
[Flags]
internal enum Clashes
{
    /// <summary>All claims were granted.</summary>
    None = 0,

    /// <summary>The register's record stands in an earlier entry.</summary>
    Record = 1,

    /// <summary>The code stands in an earlier entry.</summary>
    Code = 2,

    /// <summary>The number stands in an earlier entry.</summary>
    Number = 4,
}

/// <summary>Where the ledger stands with one register.</summary>
/// <param name="IsKnown">Whether any entry of the seller rests on a record of this register.</param>
/// <param name="IsEpochKnown">Whether one of this epoch does.</param>
/// <param name="LastSequence">Highest sequence of the epoch; 0 if none.</param>
/// <param name="LastRecordHash">Hash of that record.</param>
internal readonly record struct RegisterHistory(bool IsKnown, bool IsEpochKnown, long LastSequence, Sha256Hash? LastRecordHash);
