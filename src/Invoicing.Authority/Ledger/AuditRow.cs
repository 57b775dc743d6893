namespace Invoicing.Authority.Ledger;

/// <summary>A stored entry with the columns beside it, for a checker.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Kind">Kind column.</param>
/// <param name="Record">Line and value that it claims as a register's record.</param>
/// <param name="Code">Line and value that it claims as a code.</param>
/// <param name="Number">Line and value that it claims as a number.</param>
internal sealed record AuditRow(LedgerEntry Entry, int Kind, AuditClaim? Record, AuditClaim? Code, AuditClaim? Number);
