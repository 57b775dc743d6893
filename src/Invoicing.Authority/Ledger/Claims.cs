namespace Invoicing.Authority.Ledger;

/// <summary>What an entry takes for itself and no other entry may have: whoever comes second is stored all the same, with a verdict.</summary>
/// <param name="Record">The register's record that the entry rests on.</param>
/// <param name="Code">The authority code.</param>
/// <param name="Number">The number in its series.</param>
internal readonly record struct Claims(RecordClaim? Record, CodeClaim? Code, NumberClaim? Number);
