using SQLitePCL;

namespace Invoicing.Sqlite;

/// <summary>A prepared statement, kept and used again: preparing one for each row costs more than half of the rate.</summary>
/// <remarks>Parameters and columns count from 0. Blobs given to <see cref="Bind(int, ReadOnlySpan{byte})"/> are copied by SQLite.</remarks>
public sealed class SqliteStatement : IDisposable
{
    private readonly SqliteFile _file;
    private readonly sqlite3_stmt _handle;
    private readonly string _sql;

    internal SqliteStatement(SqliteFile file, sqlite3_stmt handle, string sql)
    {
        _file = file;
        _handle = handle;
        _sql = sql;
    }

    /// <summary>Binds a number.</summary>
    public SqliteStatement Bind(int parameter, long value)
    {
        _file.Check(raw.sqlite3_bind_int64(_handle, parameter + 1, value), _sql);
        return this;
    }

    /// <summary>Binds bytes.</summary>
    public SqliteStatement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        _file.Check(raw.sqlite3_bind_blob(_handle, parameter + 1, value), _sql);
        return this;
    }

    /// <summary>Binds text, or NULL.</summary>
    public SqliteStatement Bind(int parameter, string? value)
    {
        int code = value is null ? raw.sqlite3_bind_null(_handle, parameter + 1) : raw.sqlite3_bind_text(_handle, parameter + 1, value);
        _file.Check(code, _sql);
        return this;
    }

    /// <summary>Binds NULL.</summary>
    public SqliteStatement BindNull(int parameter)
    {
        _file.Check(raw.sqlite3_bind_null(_handle, parameter + 1), _sql);
        return this;
    }

    /// <summary>Runs to the next row.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Step()
    {
        int code = raw.sqlite3_step(_handle);
        if (code is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            // Reset reports the same error again; the first one is the one to tell.
            try
            {
                _file.Check(code, _sql);
            }
            finally
            {
                raw.sqlite3_reset(_handle);
            }
        }

        return code == raw.SQLITE_ROW;
    }

    /// <summary>Runs a statement that gives no rows, and makes it ready for the next use.</summary>
    /// <returns>Rows changed.</returns>
    public int Run()
    {
        Step();
        Reset();
        return _file.Changes;
    }

    /// <summary>Ends the run, so that the statement can be bound and run again. A reader that does not reset holds the log.</summary>
    public void Reset() => raw.sqlite3_reset(_handle);

    /// <summary>A number.</summary>
    public long Number(int column) => raw.sqlite3_column_int64(_handle, column);

    /// <summary>Bytes, valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_handle, column);

    /// <summary>Text; empty for NULL.</summary>
    public string Text(int column) => raw.sqlite3_column_text(_handle, column).utf8_to_string() ?? string.Empty;

    /// <summary>Whether a column is NULL.</summary>
    public bool IsNull(int column) => raw.sqlite3_column_type(_handle, column) == raw.SQLITE_NULL;

    /// <summary>Frees the statement.</summary>
    public void Dispose()
    {
        _file.Forget(this);
        _handle.Dispose();
    }
}
