using Invoicing.Sqlite;

namespace Invoicing.Gateway.Captures;

/// <summary>Places where a test can fail the writer as a disk would.</summary>
internal sealed class CaptureSeams
{
    /// <summary>Runs when all is changed and nothing is committed.</summary>
    public Action<SqliteFile> BeforeCommit { get; set; } = static _ => { };

    /// <summary>Runs when all is committed and nobody was answered.</summary>
    public Action<SqliteFile> AfterCommit { get; set; } = static _ => { };
}
