namespace Invoicing.Authority.Ledger;

/// <summary>A claim as stored.</summary>
/// <param name="Line">Number of the line.</param>
/// <param name="Value">The value.</param>
internal readonly record struct AuditClaim(long Line, long Value);
