namespace Invoicing.Authority.Ledger.Sqlite;

/// <summary>A chain as the writer remembers it.</summary>
/// <param name="Id">Its row id.</param>
/// <param name="Standing">Where it stands.</param>
internal readonly record struct ChainRow(long Id, ChainStanding Standing);
