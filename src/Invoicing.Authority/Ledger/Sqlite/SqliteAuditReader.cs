using Invoicing.Chain;
using Invoicing.Sqlite;

namespace Invoicing.Authority.Ledger.Sqlite;

/// <summary>A read-only connection in one read transaction. While it is open the log cannot start anew, so a busy server's log grows.</summary>
internal sealed class SqliteAuditReader : ILedgerAuditReader
{
    private readonly SqliteFile _file;
    private readonly SqliteLedgerReader _reader;
    private readonly int _segmentSize;

    private SqliteAuditReader(SqliteFile file)
    {
        _file = file;
        file.Execute("BEGIN");
        _reader = new(file);
        _segmentSize = (int)file.Scalar("SELECT segment_size FROM settings");
    }

    /// <inheritdoc/>
    public LedgerHead Head => _reader.Head;

    /// <summary>Opens a ledger.</summary>
    /// <exception cref="InvoicingException">No ledger, or one of another version.</exception>
    public static SqliteAuditReader Open(string path)
    {
        var file = SqliteFile.OpenReader(path);
        try
        {
            long version = file.Scalar("PRAGMA user_version");
            return version == LedgerSchema.Version
                ? new(file)
                : throw new LedgerDamagedException($"{path}: expected a ledger of version {LedgerSchema.Version}, found version {version}");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<LedgerEntry> ReadEntries(long from, int limit, int maxBytes) => _reader.ReadEntries(from, limit, maxBytes);

    /// <inheritdoc/>
    public IReadOnlyList<StoredVerdict> ReadVerdicts(ChainId chain, long after, int limit) => _reader.ReadVerdicts(chain, after, limit);

    /// <inheritdoc/>
    public IReadOnlyList<LedgerCommit> ReadCommits(long after, int limit) => _reader.ReadCommits(after, limit);

    /// <inheritdoc/>
    public RegisterHistory ReadRegister(string seller, string register, ulong epoch) => _reader.ReadRegister(seller, register, epoch);

    /// <inheritdoc/>
    public IReadOnlyList<AuditRow> ReadRows(long from, int limit)
    {
        var rows = new List<AuditRow>(limit);
        int segment = LedgerSchema.Of(from, _segmentSize);
        if (_file.Scalar($"SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '{LedgerSchema.Table(segment)}'") == 0)
        {
            return rows;
        }

        using SqliteStatement page = _file.Statement($"""
            SELECT idx, time, chain, position, body, signature, hash, kind, record_line, record_value, code_line, code_value, number_line,
              number_value FROM {LedgerSchema.Table(segment)} WHERE idx >= ? ORDER BY idx LIMIT ?
            """);
        page.Bind(0, from).Bind(1, limit);
        while (page.Step())
        {
            rows.Add(new(_reader.ReadEntry(page), (int)page.Number(7), Claim(page, 8), Claim(page, 10), Claim(page, 12)));
        }

        return rows;
    }

    /// <inheritdoc/>
    public IEnumerable<AuditChain> ReadChains()
    {
        using SqliteStatement find = _file.Statement("""
            SELECT c.name, c.record, c.seller, c.device, h.position, h.last_index, s.public_key, s.is_retired FROM chain c
            LEFT JOIN chain_head h ON h.chain = c.id LEFT JOIN chain_state s ON s.chain = c.id ORDER BY c.id
            """);
        while (find.Step())
        {
            yield return new(
                new(find.Blob(0)), find.Blob(1).ToArray(), find.Text(2), find.Text(3), find.Number(4), find.Number(5), find.Blob(6).ToArray(),
                find.Number(7) == 1);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<AuditLine> ReadLines()
    {
        using SqliteStatement lines = _file.Statement("""
            SELECT l.id, l.kind, l.name, l.seller, l.epoch, l.first, l.last, h.next FROM line l LEFT JOIN line_head h ON h.line = l.id ORDER BY l.id
            """);
        using SqliteStatement gaps = _file.Statement("SELECT first, last FROM gap WHERE line = ? ORDER BY first");
        while (lines.Step())
        {
            var found = new List<(long, long)>();
            gaps.Bind(0, lines.Number(0));
            while (gaps.Step())
            {
                found.Add((gaps.Number(0), gaps.Number(1)));
            }

            gaps.Reset();
            yield return new(
                lines.Number(0), (int)lines.Number(1), lines.Text(2), lines.Text(3), unchecked((ulong)lines.Number(4)), lines.Number(5),
                lines.Number(6), lines.Number(7), found);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> CheckFile()
    {
        var found = new List<string>();
        using SqliteStatement check = _file.Statement("PRAGMA quick_check(20)");
        while (check.Step())
        {
            if (check.Text(0) != "ok")
            {
                found.Add(check.Text(0));
            }
        }

        return found;
    }

    /// <summary>Ends the transaction and closes.</summary>
    public void Dispose() => _reader.Dispose();

    private static AuditClaim? Claim(SqliteStatement row, int column) =>
        row.IsNull(column) ? null : new(row.Number(column), row.Number(column + 1));
}
