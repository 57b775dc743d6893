namespace Invoicing.Authority.Ledger;

/// <summary>Where the ledger ends.</summary>
/// <param name="LastIndex">Index of the newest entry; 0 while there is none.</param>
/// <param name="LedgerTime">Time of the newest commit, UTC, milliseconds since 1970-01-01; never falls.</param>
internal readonly record struct LedgerHead(long LastIndex, long LedgerTime);
