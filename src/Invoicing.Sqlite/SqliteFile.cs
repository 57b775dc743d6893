using System.Diagnostics.CodeAnalysis;
using SQLitePCL;

namespace Invoicing.Sqlite;

/// <summary>One connection to one database file, for one thread at a time.</summary>
/// <remarks>
/// <para>
/// Durability contract of a writer: write-ahead log with <c>synchronous=FULL</c>, so when <see cref="Commit"/> returns, the transaction is
/// on the disk (fsync of the log) and survives a power cut; when it throws, nothing is known, and the process must end: a failed fsync is
/// never retried (design.md 5.2).
/// </para>
/// <para>
/// One connection per file writes and checkpoints, under a <see cref="WriterLock"/>; all others, in any process, are read-only. That keeps
/// clear of the WAL-reset bug of SQLite before 3.51.3 (a checkpoint racing another connection's commit). No mmap, no network file system.
/// Automatic checkpoints are off: <see cref="Checkpoint"/> is called between commits, when nobody waits. Source: design.md 5.9.
/// </para>
/// </remarks>
public sealed class SqliteFile : IDisposable
{
    /// <summary>How long a statement waits for a lock: a reader meets one only while the file is opened or closed.</summary>
    public static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(5);

    private readonly sqlite3 _handle;
    private readonly WriterLock? _lock;
    private readonly List<SqliteStatement> _statements = [];
    private readonly LogPageCount _pages = new();
    private SqliteStatement? _begin;
    private SqliteStatement? _commit;

    static SqliteFile() => Batteries_V2.Init();

    private SqliteFile(string path, sqlite3 handle, WriterLock? writerLock)
    {
        Path = path;
        _handle = handle;
        _lock = writerLock;
    }

    /// <summary>Version of the library that is loaded.</summary>
    public static string Version
    {
        get
        {
            Batteries_V2.Init();
            return raw.sqlite3_libversion().utf8_to_string();
        }
    }

    /// <summary>The database file.</summary>
    public string Path { get; }

    /// <summary>Rows that the last statement changed.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    /// <summary>Row id of the last insert.</summary>
    public long LastRowId => raw.sqlite3_last_insert_rowid(_handle);

    /// <summary>Whether a transaction is open.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Pages in the write-ahead log after the last commit of this connection.</summary>
    public int LogPages => _pages.Count;

    /// <summary>Opens a file for writing and makes it if it is not there.</summary>
    /// <exception cref="FileInUseException">Another writer has it.</exception>
    /// <exception cref="SqliteException">Not a database, or the disk refuses.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The file owns the lock and gives it back when it is disposed.")]
    public static SqliteFile OpenWriter(string path)
    {
        var writerLock = WriterLock.Take(path);
        try
        {
            bool isNew = !File.Exists(path) || new FileInfo(path).Length == 0; // empty: a crash came before its first page
            SqliteFile file = Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE, writerLock);
            try
            {
                file.Prepare(isNew);
                return file;
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch
        {
            writerLock.Dispose();
            throw;
        }
    }

    /// <summary>Opens an existing file for reading only; never checkpoints, never blocks the writer.</summary>
    /// <exception cref="SqliteException">Not there, or not a database.</exception>
    public static SqliteFile OpenReader(string path)
    {
        SqliteFile file = Open(path, raw.SQLITE_OPEN_READONLY, writerLock: null);
        file.Execute("PRAGMA query_only=1");
        return file;
    }

    /// <summary>Runs SQL without parameters; several statements may be given.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql), sql);

    /// <summary>Prepares a statement that lives as long as the file.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The file owns its statements.")]
    public SqliteStatement Statement(string sql)
    {
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out sqlite3_stmt handle), sql);
        var statement = new SqliteStatement(this, handle, sql);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>Begins a writing transaction.</summary>
    public void Begin() => (_begin ??= Statement("BEGIN IMMEDIATE")).Run();

    /// <summary>Commits and makes durable.</summary>
    /// <exception cref="SqliteException">Nothing is known of the outcome; end the process.</exception>
    public void Commit() => (_commit ??= Statement("COMMIT")).Run();

    /// <summary>Takes back an open transaction; does nothing if SQLite already has.</summary>
    public void Rollback()
    {
        if (InTransaction)
        {
            Execute("ROLLBACK");
        }
    }

    /// <summary>Copies the log into the database without waiting for readers, and starts the log anew if none is in the way.</summary>
    /// <returns>Pages in the log, and how many of them were copied.</returns>
    public (int Log, int Copied) Checkpoint()
    {
        Check(raw.sqlite3_wal_checkpoint_v2(_handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out int log, out int copied), "checkpoint");
        if (log == copied)
        {
            _pages.Clear(); // the next commit starts the log anew, unless a reader is in the way
        }

        return (log, copied);
    }

    /// <summary>Reads one number.</summary>
    public long Scalar(string sql)
    {
        using SqliteStatement statement = Statement(sql);
        return statement.Step() ? statement.Number(0) : 0;
    }

    /// <summary>Closes after a failed write: nothing more is written or flushed, because after a failed fsync a second one may lie.</summary>
    public void Abandon()
    {
        const int NoCheckpointOnClose = 1006; // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE
        Check(raw.sqlite3_db_config(_handle, NoCheckpointOnClose, 1, out _), "close without a checkpoint");
        Dispose();
    }

    /// <summary>Closes; a writer's last close also checkpoints and removes the log.</summary>
    public void Dispose()
    {
        foreach (SqliteStatement statement in _statements.ToArray())
        {
            statement.Dispose();
        }

        raw.sqlite3_close_v2(_handle);
        _handle.Dispose();
        _pages.Dispose();
        _lock?.Dispose();
    }

    internal void Forget(SqliteStatement statement) => _statements.Remove(statement);

    internal void Check(int code, string action)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            int extended = raw.sqlite3_extended_errcode(_handle);
            string said = raw.sqlite3_errmsg(_handle).utf8_to_string();
            throw new SqliteException($"{Path}: '{action}' failed: {said} (SQLite {extended})", extended == 0 ? code : extended);
        }
    }

    private static SqliteFile Open(string path, int flags, WriterLock? writerLock)
    {
        int code = raw.sqlite3_open_v2(path, out sqlite3 handle, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        if (code != raw.SQLITE_OK)
        {
            handle.Dispose();
            throw new SqliteException($"{path}: cannot be opened as a database (SQLite {code}); expected an existing file in a folder that can be read", code);
        }

        raw.sqlite3_extended_result_codes(handle, 1);
        // Before the first statement: two connections that open at once otherwise answer "database is locked".
        raw.sqlite3_busy_timeout(handle, (int)BusyTimeout.TotalMilliseconds);
        return new(path, handle, writerLock);
    }

    private void Prepare(bool isNew)
    {
        if (isNew)
        {
            Execute("PRAGMA auto_vacuum=INCREMENTAL");
        }

        RequireWal();
        Execute("PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA foreign_keys=ON; PRAGMA mmap_size=0");
        if (isNew)
        {
            DurableFolder.Flush(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
        }

        _pages.Watch(_handle);
    }

    /// <summary>SQLite answers with the mode that it could get and reports no error: a file system without shared memory gives another.</summary>
    private void RequireWal()
    {
        using SqliteStatement mode = Statement("PRAGMA journal_mode=WAL");
        string found = mode.Step() ? mode.Text(0) : "none";
        if (found != "wal")
        {
            throw new SqliteException($"{Path}: expected journal mode 'wal', found '{found}'; use a local disk", raw.SQLITE_CANTOPEN);
        }
    }
}
