namespace Invoicing.Sqlite;

/// <summary>SQLite, or the disk under it, refused.</summary>
/// <param name="message">What was being done, in which file, and what SQLite said.</param>
/// <param name="code">SQLite's extended result code.</param>
public sealed class SqliteException(string message, int code) : InvoicingException(message, isTransient: (code & 0xFF) is Busy or Locked)
{
    private const int Busy = 5;
    private const int Locked = 6;

    /// <summary>SQLite's extended result code (sqlite.org/rescode.html).</summary>
    public int Code { get; } = code;

    /// <summary>SQLite's primary result code: the low byte of <see cref="Code"/>.</summary>
    public int PrimaryCode => Code & 0xFF;

    /// <summary>Whether the file itself is damaged, or no database: SQLITE_CORRUPT, SQLITE_NOTADB.</summary>
    public bool IsDamage => PrimaryCode is 11 or 26;

    /// <summary>Whether a unique key, a check or a trigger refused the row: a fault of the row, not of the disk.</summary>
    public bool IsConstraint => PrimaryCode == 19;
}
