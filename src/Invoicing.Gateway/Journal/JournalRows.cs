using Invoicing.Chain;
using Invoicing.Sqlite;

namespace Invoicing.Gateway.Journal;

/// <summary>Reads rows as the types that they hold.</summary>
internal static class JournalRows
{
    /// <summary>An entry of columns position, kind, hash, signature, body. The hash is the column's: a checker computes its own.</summary>
    public static SignedEntry Entry(SqliteStatement row) =>
        new(row.Number(0), (EntryKind)row.Number(1), row.Blob(4).ToArray(), new(row.Blob(2)), new(row.Blob(3)));
}
