namespace Invoicing.Authority.Ledger.Sqlite;

/// <summary>A line as the writer remembers it.</summary>
/// <param name="Id">Its row id.</param>
/// <param name="Next">The value behind the highest one claimed.</param>
internal readonly record struct LineRow(long Id, long Next);
