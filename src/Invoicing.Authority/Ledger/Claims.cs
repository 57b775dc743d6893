using Invoicing.Hashing;

namespace Invoicing.Authority.Ledger;

/// <summary>What an entry takes for itself and no other entry may have: whoever comes second is stored all the same, with a verdict.</summary>
/// <param name="Record">The register's record that the entry rests on.</param>
/// <param name="Code">The authority code.</param>
/// <param name="Number">The number in its series.</param>
internal readonly record struct Claims(RecordClaim? Record, CodeClaim? Code, NumberClaim? Number)
{
    /// <summary>Hash of the hole that the entry closes, which no other entry may close.</summary>
    public Sha256Hash? Resolves { get; init; }

    /// <summary>The invoice that the entry puts right, which is replaced once and corrected in one way only.</summary>
    public CorrectionClaim? Corrects { get; init; }
}
