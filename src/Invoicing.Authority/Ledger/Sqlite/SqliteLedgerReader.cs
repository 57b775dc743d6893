using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Signing;
using Invoicing.Sqlite;

namespace Invoicing.Authority.Ledger.Sqlite;

/// <summary>A read-only connection to the ledger's file; each call is one short read transaction.</summary>
internal sealed class SqliteLedgerReader : ILedgerReader
{
    private const string CommitColumns = "last_index, ledger_time, root, signature, leaves";

    private readonly SqliteFile _file;
    private readonly int _segmentSize;
    private readonly Dictionary<int, SqliteStatement> _pages = [];
    private readonly Dictionary<long, ChainName> _chains = [];

    public SqliteLedgerReader(SqliteFile file)
    {
        _file = file;
        _segmentSize = (int)file.Scalar("SELECT segment_size FROM settings");
        _readCommits = file.Statement($"SELECT {CommitColumns} FROM commit_root WHERE last_index > ? ORDER BY last_index LIMIT ?");
        _readVerdicts = file.Statement("""
            SELECT number, position, body, signature FROM verdict
            WHERE chain = (SELECT id FROM chain WHERE name = ?) AND number > ? ORDER BY number LIMIT ?
            """);
        _head = file.Statement("SELECT last_index, ledger_time FROM commit_root ORDER BY last_index DESC LIMIT 1");
    }

    private readonly SqliteStatement _readCommits;
    private readonly SqliteStatement _readVerdicts;
    private readonly SqliteStatement _head;

    /// <inheritdoc/>
    public LedgerHead Head
    {
        get
        {
            LedgerHead head = _head.Step() ? new(_head.Number(0), _head.Number(1)) : default;
            _head.Reset();
            return head;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<LedgerEntry> ReadEntries(long from, int limit, int maxBytes)
    {
        var entries = new List<LedgerEntry>();
        long last = Head.LastIndex;
        int bytes = 0;
        while (from <= last && entries.Count < limit && bytes < maxBytes)
        {
            SqliteStatement page = Page(LedgerSchema.Of(from, _segmentSize)).Bind(0, from).Bind(1, limit - entries.Count);
            long before = from;
            while (bytes < maxBytes && page.Step())
            {
                LedgerEntry entry = ReadEntry(page);
                entries.Add(entry);
                bytes += entry.Body.Length;
                from = entry.Index + 1;
            }

            page.Reset();
            if (from == before)
            {
                throw new LedgerDamagedException($"{_file.Path}: expected an entry at index {from}, found none");
            }
        }

        return entries;
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoredVerdict> ReadVerdicts(ChainId chain, long after, int limit)
    {
        var verdicts = new List<StoredVerdict>();
        _readVerdicts.Bind(0, chain.ToArray()).Bind(1, after).Bind(2, limit);
        while (_readVerdicts.Step())
        {
            verdicts.Add(new(_readVerdicts.Number(0), _readVerdicts.Number(1), new(_readVerdicts.Blob(2).ToArray(), new(_readVerdicts.Blob(3)))));
        }

        _readVerdicts.Reset();
        return verdicts;
    }

    /// <inheritdoc/>
    public IReadOnlyList<LedgerCommit> ReadCommits(long after, int limit)
    {
        var commits = new List<LedgerCommit>();
        _readCommits.Bind(0, after).Bind(1, limit);
        while (_readCommits.Step())
        {
            commits.Add(ReadCommit(_readCommits));
        }

        _readCommits.Reset();
        return commits;
    }

    /// <inheritdoc/>
    public RegisterHistory ReadRegister(string seller, string register, ulong epoch)
    {
        using SqliteStatement find = _file.Statement("""
            SELECT l.epoch, h.next - 1, h.last_index FROM line l JOIN line_head h ON h.line = l.id
            WHERE l.kind = 1 AND l.name = ? AND l.seller = ? ORDER BY l.epoch = ? DESC LIMIT 1
            """);
        if (!find.Bind(0, register).Bind(1, seller).Bind(2, unchecked((long)epoch)).Step())
        {
            return default;
        }

        if (unchecked((ulong)find.Number(0)) != epoch || find.Number(1) == 0)
        {
            return new(IsKnown: true, IsEpochKnown: false, 0, null);
        }

        LedgerEntry entry = ReadEntries(find.Number(2), 1, 1)[0];
        ReadOnlySpan<byte> body = entry.Body.Span;
        if (EntryFields.Read(body, out EntryFields fields) is null
            && ContentFields.Read(fields.Kind, fields.Content(body), out ContentFields content) is null && content.Record is { } record)
        {
            return new(IsKnown: true, IsEpochKnown: true, find.Number(1), record.Hash);
        }

        throw new LedgerDamagedException($"{_file.Path}: expected a register's record in the entry at index {entry.Index}, found none");
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose() => _file.Dispose();

    internal static LedgerCommit ReadCommit(SqliteStatement row) =>
        new(row.Number(0), row.Number(1), row.Blob(2).ToArray(), new EcdsaSignature(row.Blob(3)), LeafList.Split(row.Blob(4).ToArray()));

    private SqliteStatement Page(int segment)
    {
        if (!_pages.TryGetValue(segment, out SqliteStatement? page))
        {
            // A follower moves through the segments in order and needs one or two of them at a time.
            if (_pages.Count >= 4)
            {
                foreach (SqliteStatement old in _pages.Values)
                {
                    old.Dispose();
                }

                _pages.Clear();
            }

            page = _file.Statement(
                $"SELECT idx, time, chain, position, body, signature, hash FROM {LedgerSchema.Table(segment)} WHERE idx >= ? ORDER BY idx LIMIT ?");
            _pages.Add(segment, page);
        }

        return page;
    }

    internal LedgerEntry ReadEntry(SqliteStatement row)
    {
        ChainName chain = Chain(row.Number(2));
        return new(
            row.Number(0), row.Number(1), chain.Id, row.Number(3), chain.Seller, chain.Device, row.Blob(4).ToArray(), new(row.Blob(5)),
            new Sha256Hash(row.Blob(6)));
    }

    private ChainName Chain(long id)
    {
        if (!_chains.TryGetValue(id, out ChainName? chain))
        {
            using SqliteStatement find = _file.Statement("SELECT name, seller, device FROM chain WHERE id = ?");
            chain = find.Bind(0, id).Step()
                ? new(new(find.Blob(0)), find.Text(1), find.Text(2))
                : throw new LedgerDamagedException($"{_file.Path}: expected chain {id} of an entry, found none");
            if (_chains.Count >= 100_000)
            {
                _chains.Clear(); // about 20 MB; read again as needed
            }

            _chains.Add(id, chain);
        }

        return chain;
    }

    private sealed record ChainName(ChainId Id, string Seller, string Device);
}
