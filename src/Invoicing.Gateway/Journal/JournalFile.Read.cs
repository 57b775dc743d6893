using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Sqlite;

namespace Invoicing.Gateway.Journal;

internal sealed partial class JournalFile
{
    public StoredRecord? FindRecord(long line, ulong sequence)
    {
        SqliteStatement find = _sql.FindRecord.Bind(0, line).Bind(1, (long)sequence);
        try
        {
            return find.Step()
                ? new StoredRecord(
                    new(find.Blob(0)), find.Number(1), (StoredOutcome)find.Number(2), find.IsNull(3) ? null : find.Text(3))
                : null;
        }
        finally
        {
            find.Reset();
        }
    }

    /// <summary>The newest record of a line at or below a sequence.</summary>
    public (ulong Sequence, Sha256Hash Hash)? FindNewestRecord(long line, ulong atMost)
    {
        SqliteStatement find = _sql.FindNewestRecord.Bind(0, line).Bind(1, (long)Math.Min(atMost, long.MaxValue));
        try
        {
            return find.Step() ? ((ulong)find.Number(0), new Sha256Hash(find.Blob(1))) : null;
        }
        finally
        {
            find.Reset();
        }
    }

    public bool HasConflict(long line, ulong sequence, in Sha256Hash hash) =>
        Any(_sql.FindConflict.Bind(0, line).Bind(1, (long)sequence).Bind(2, hash.ToArray()));

    public bool HasRecovered(string code, string series, int number) =>
        Any(_sql.FindRecovered.Bind(0, code).Bind(1, series).Bind(2, number));

    public bool WasResigned(long position) => Any(_sql.FindResigned.Bind(0, position));

    public bool IsParked(long position) => Any(_sql.FindParked.Bind(0, position));

    public SignedEntry? ReadEntry(long position)
    {
        SqliteStatement read = _sql.ReadEntry.Bind(0, position);
        try
        {
            return read.Step() ? JournalRows.Entry(read) : null;
        }
        finally
        {
            read.Reset();
        }
    }

    private static bool Any(SqliteStatement query)
    {
        try
        {
            return query.Step();
        }
        finally
        {
            query.Reset();
        }
    }
}
