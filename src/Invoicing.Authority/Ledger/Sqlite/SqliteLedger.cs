using System.Diagnostics.CodeAnalysis;
using Invoicing.Chain;
using Invoicing.Signing;
using Invoicing.Sqlite;

namespace Invoicing.Authority.Ledger.Sqlite;

/// <summary>The ledger in one SQLite file: the embedded default, for one machine.</summary>
/// <remarks>
/// Durability and uniqueness: see <see cref="ILedger"/> and <see cref="LedgerSchema"/>. What is kept in memory (heads of chains and lines)
/// only spares reads; the triggers decide, and a rollback forgets all of it.
/// </remarks>
internal sealed partial class SqliteLedger : ILedger
{
    /// <summary>
    /// Pages in the log at which the writer checkpoints between two commits even under load: 4,000 pages of 4 KiB are 16 MiB. The prototype
    /// met 6-8 ms for 1,000 pages; less often would make that pause longer, more often would write hot pages twice.
    /// </summary>
    public const int LogLimit = 4_000;

    /// <summary>Pages at which an idle writer checkpoints.</summary>
    private const int IdleLogLimit = 1_000;

    /// <summary>Pages in memory: 24 MiB keep the heads of 100,000 chains with their lines, and the right edge of every tree.</summary>
    private const string CacheSize = "PRAGMA cache_size=-24576";

    /// <summary>Chains and lines remembered; when full all are forgotten and read again as needed. 400,000 lines are about 60 MB.</summary>
    private const int MaxRemembered = 100_000;

    private readonly SqliteFile _file;
    private readonly int _segmentSize;
    private readonly Dictionary<ChainId, ChainRow> _chains = [];
    private readonly Dictionary<LineKey, LineRow> _lines = [];
    private LedgerHead _head;
    private LedgerHead _committed;
    private SqliteStatement? _insertEntry;
    private int _openSegment;

    private SqliteLedger(SqliteFile file, int segmentSize)
    {
        _file = file;
        _segmentSize = segmentSize;
        _statements = new(file);
        _committed = _head = ReadHead();
        _openSegment = LastSegment();
        _toIndex = FirstSegmentWithoutLookups();
    }

    /// <inheritdoc/>
    public string Engine => $"SQLite {SqliteFile.Version}";

    /// <inheritdoc/>
    public LedgerHead Head => _head;

    /// <summary>Pages in the write-ahead log.</summary>
    public int LogPages => _file.LogPages;

    /// <summary>Opens a ledger for writing, and makes it if it is not there.</summary>
    /// <param name="path">The database file.</param>
    /// <param name="segmentSize">Rows of a segment, for a new ledger; an existing one keeps its own.</param>
    /// <exception cref="FileInUseException">Another process writes it.</exception>
    /// <exception cref="LedgerDamagedException">Its parts do not agree.</exception>
    public static SqliteLedger Open(string path, int segmentSize = LedgerSchema.DefaultSegmentSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(segmentSize, 1);
        var file = SqliteFile.OpenWriter(path);
        try
        {
            file.Execute(CacheSize);
            long version = file.Scalar("PRAGMA user_version");
            if (version == 0)
            {
                file.Begin();
                file.Execute(LedgerSchema.Base);
                file.Execute($"INSERT INTO settings(segment_size) VALUES ({segmentSize}); PRAGMA user_version={LedgerSchema.Version}");
                file.Execute(LedgerSchema.Segment(1, segmentSize));
                file.Commit();
            }
            else if (version != LedgerSchema.Version)
            {
                throw new LedgerDamagedException($"{path}: expected a ledger of version {LedgerSchema.Version}, found version {version}: run the program that wrote it");
            }

            return new(file, (int)file.Scalar("SELECT segment_size FROM settings"));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Begin(long ledgerTime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ledgerTime, _committed.LedgerTime);
        _file.Begin();
        _head = _head with { LedgerTime = ledgerTime };
    }

    /// <inheritdoc/>
    public void Commit(IReadOnlyList<SignedWatermark> watermarks)
    {
        SqliteStatement insert = _statements.InsertCommit;
        Span<byte> signature = stackalloc byte[EcdsaSignature.Length];
        watermarks[0].Signature.CopyTo(signature);
        insert.Bind(0, _head.LastIndex).Bind(1, _head.LedgerTime).Bind(2, watermarks[0].Root.Span).Bind(3, signature)
            .Bind(4, LeafList.Join(watermarks)).Run();
        _file.Commit();
        _committed = _head;
    }

    /// <inheritdoc/>
    public void Rollback()
    {
        _file.Rollback();
        _chains.Clear();
        _lines.Clear();
        _head = _committed;
        _insertEntry?.Dispose();
        _insertEntry = null;
        _openSegment = LastSegment();
    }

    /// <inheritdoc/>
    [SuppressMessage("Reliability", "CA2000", Justification = "The reader owns the file.")]
    public ILedgerReader OpenReader() => new SqliteLedgerReader(SqliteFile.OpenReader(_file.Path));

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _insertEntry?.Dispose();
        _file.Dispose();
    }

    private LedgerHead ReadHead()
    {
        long index = _file.Scalar("SELECT coalesce(max(last_index), 0) FROM commit_root");
        long time = _file.Scalar("SELECT coalesce(max(ledger_time), 0) FROM commit_root WHERE last_index = (SELECT max(last_index) FROM commit_root)");
        long last = LastEntry();
        return last == index
            ? new(index, time)
            : throw new LedgerDamagedException($"{_file.Path}: expected the last entry at index {index}, where the last commit ends, found it at {last}");
    }

    private long LastEntry()
    {
        int segment = LastSegment();
        long last = _file.Scalar($"SELECT coalesce(max(idx), 0) FROM {LedgerSchema.Table(segment)}");
        return last > 0 ? last : LedgerSchema.First(segment, _segmentSize) - 1;
    }

    private int LastSegment() =>
        (int)_file.Scalar("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name GLOB 'entry_[0-9]*'");
}
