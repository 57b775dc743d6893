using System.Collections.Immutable;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Sqlite;

namespace Invoicing.Gateway.Journal;

/// <summary>A read-only connection to a journal, also while a gateway writes it. For one thread at a time.</summary>
/// <remarks>Reads in pages and ends each read at once: a read left open would keep the write-ahead log from starting anew.</remarks>
internal sealed class JournalReader : IDisposable
{
    private readonly SqliteFile _file;
    private readonly SqliteStatement _page;
    private readonly SqliteStatement _hash;
    private readonly SqliteStatement _attachments;
    private readonly SqliteStatement _attached;
    private readonly SqliteStatement _records;
    private readonly SqliteStatement _keyChanges;

    private JournalReader(SqliteFile file)
    {
        _file = file;
        _page = file.Statement("SELECT position, kind, hash, signature, body FROM entry WHERE position > ? ORDER BY position LIMIT ?");
        _hash = file.Statement("SELECT hash FROM entry WHERE position = ?");
        _records = file.Statement(
            "SELECT sequence, hash, position, outcome, reason FROM register_record WHERE line = ? AND sequence >= ? ORDER BY sequence LIMIT ?");
        _attached = file.Statement("SELECT DISTINCT position FROM attachment WHERE position BETWEEN ? AND ?");
        _attachments = file.Statement("SELECT salt, content FROM attachment WHERE position = ? ORDER BY number");
        _keyChanges = file.Statement("""
            SELECT position, kind, hash, signature, body FROM entry INDEXED BY entry_key
            WHERE kind IN (16, 26) AND position > ? AND kind = 26 ORDER BY position LIMIT ?
            """);
    }

    /// <summary>Opens a journal.</summary>
    /// <exception cref="InvoicingException">Not there, or no journal of this format.</exception>
    public static JournalReader Open(string path)
    {
        var file = SqliteFile.OpenReader(path);
        try
        {
            JournalFile.RequireFormat(file);
            return new(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Last position.</summary>
    public long ReadHead() => _file.Scalar("SELECT coalesce(max(position), 0) FROM entry");

    /// <summary>Where the journal stands; verifies nothing.</summary>
    public JournalState ReadState() => JournalLoader.Load(_file);

    /// <summary>Checks the file's own structure, SQLite's part of an audit.</summary>
    /// <returns>What SQLite found; <c>ok</c> if nothing.</returns>
    public string CheckStructure()
    {
        using SqliteStatement check = _file.Statement("PRAGMA quick_check(1)");
        return check.Step() ? check.Text(0) : "nothing";
    }

    /// <summary>Catalogues whose bytes are not what their names say.</summary>
    public IEnumerable<JournalFault> CatalogueFaults() => JournalCatalogues.Faults(_file);

    /// <summary>Hash of an entry, or <see langword="null"/> if the journal does not reach so far.</summary>
    public Sha256Hash? ReadHash(long position)
    {
        _hash.Bind(0, position);
        try
        {
            return _hash.Step() ? new Sha256Hash(_hash.Blob(0)) : null;
        }
        finally
        {
            _hash.Reset();
        }
    }

    /// <summary>Entries after a position, at least one if there is one.</summary>
    /// <param name="after">Last position that is known.</param>
    /// <param name="most">Most entries.</param>
    /// <param name="mostBytes">Bodies read stop when they exceed this.</param>
    public List<SignedEntry> ReadPage(long after, int most, long mostBytes = long.MaxValue)
    {
        var entries = new List<SignedEntry>(Math.Min(most, 64));
        long bytes = 0;
        _page.Bind(0, after).Bind(1, most);
        try
        {
            while (bytes < mostBytes && _page.Step())
            {
                SignedEntry entry = JournalRows.Entry(_page);
                entries.Add(entry);
                bytes += entry.Body.Length;
            }
        }
        finally
        {
            _page.Reset();
        }

        return entries;
    }

    /// <summary>Key changes after a position, in their order: what a proof of possession brings along that the authority may not have.</summary>
    /// <param name="position">Last position that is known.</param>
    /// <param name="most">Most key changes.</param>
    public IReadOnlyList<ReceivedEntry> KeyChangesAfter(long position, int most)
    {
        var changes = new List<ReceivedEntry>();
        _keyChanges.Bind(0, position).Bind(1, most);
        try
        {
            while (_keyChanges.Step())
            {
                SignedEntry entry = JournalRows.Entry(_keyChanges);
                changes.Add(new(entry.Body, entry.Signature));
            }
        }
        finally
        {
            _keyChanges.Reset();
        }

        return changes;
    }

    /// <summary>Position of the invoice that closed a hole; <see langword="null"/> if none did.</summary>
    public long? FindResolved(long hole)
    {
        using SqliteStatement find = _file.Statement("SELECT invoice FROM resolved WHERE position = ?");
        return find.Bind(0, hole).Step() ? find.Number(0) : null;
    }

    /// <summary>Holes that are still open, in the order of the chain.</summary>
    public ImmutableArray<HeldRecord> ReadHeld(int most)
    {
        var entries = new List<SignedEntry>();
        using (SqliteStatement read = _file.Statement("""
            SELECT e.position, e.kind, e.hash, e.signature, e.body FROM held h JOIN entry e ON e.position = h.position
            WHERE e.kind = 22 ORDER BY h.position LIMIT ?
            """))
        {
            read.Bind(0, most);
            while (read.Step())
            {
                entries.Add(JournalRows.Entry(read));
            }
        }

        return [.. entries.Select(ToHeld)];
    }

    private HeldRecord ToHeld(SignedEntry entry)
    {
        EntryFields.Read(entry.Body.Span, out EntryFields fields);
        (RegisterRecordKey record, string rule, string text) = EntryContents.ReadHole(fields.Content(entry.Body.Span));
        IReadOnlyList<StoredAttachment> attachments = ReadAttachments(entry.Position);
        return new(entry.Position, record.Key, rule, text, attachments.Count > 0 ? attachments[0].Content : default);
    }

    /// <summary>Positions of a run that something travels beside: one question for a page, since few entries have anything.</summary>
    public HashSet<long> ReadAttached(long first, long last)
    {
        var positions = new HashSet<long>();
        _attached.Bind(0, first).Bind(1, last);
        try
        {
            while (_attached.Step())
            {
                positions.Add(_attached.Number(0));
            }
        }
        finally
        {
            _attached.Reset();
        }

        return positions;
    }

    /// <summary>What travels beside an entry; empty if nothing does, or it was erased.</summary>
    public IReadOnlyList<StoredAttachment> ReadAttachments(long position)
    {
        List<StoredAttachment>? attachments = null;
        _attachments.Bind(0, position);
        try
        {
            while (_attachments.Step())
            {
                (attachments ??= []).Add(new(_attachments.Blob(0).ToArray(), _attachments.Blob(1).ToArray()));
            }
        }
        finally
        {
            _attachments.Reset();
        }

        return attachments ?? (IReadOnlyList<StoredAttachment>)[];
    }

    /// <summary>Records of a line from a sequence on, by their sequences.</summary>
    public Dictionary<ulong, StoredRecord> ReadRecords(long line, ulong from, int most)
    {
        var records = new Dictionary<ulong, StoredRecord>(most);
        _records.Bind(0, line).Bind(1, (long)from).Bind(2, most);
        try
        {
            while (_records.Step())
            {
                records.Add(
                    (ulong)_records.Number(0),
                    new(new(_records.Blob(1)), _records.Number(2), (StoredOutcome)_records.Number(3), _records.IsNull(4) ? null : _records.Text(4)));
            }
        }
        finally
        {
            _records.Reset();
        }

        return records;
    }

    public void Dispose() => _file.Dispose();
}
