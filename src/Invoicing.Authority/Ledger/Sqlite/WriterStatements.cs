using Invoicing.Sqlite;

namespace Invoicing.Authority.Ledger.Sqlite;

/// <summary>The writer's statements, prepared once.</summary>
internal sealed class WriterStatements(SqliteFile file)
{
    public SqliteStatement InsertCommit { get; } =
        file.Statement("INSERT INTO commit_root(last_index, ledger_time, root, signature, leaves) VALUES (?, ?, ?, ?, ?)");

    public SqliteStatement FindCommit { get; } = file.Statement(
        "SELECT last_index, ledger_time, root, signature, leaves FROM commit_root WHERE last_index >= ? ORDER BY last_index LIMIT 1");

    public SqliteStatement FindChain { get; } = file.Statement("""
        SELECT c.id, c.record, h.position, h.last_index, s.public_key, s.is_retired,
          coalesce((SELECT max(number) FROM verdict WHERE chain = c.id), 0)
        FROM chain c JOIN chain_head h ON h.chain = c.id LEFT JOIN chain_state s ON s.chain = c.id WHERE c.name = ?
        """);

    public SqliteStatement FindEnrolment { get; } = file.Statement("SELECT name FROM chain WHERE enrolment = ?");

    public SqliteStatement InsertChain { get; } =
        file.Statement("INSERT INTO chain(name, enrolment, record, seller, device) VALUES (?, ?, ?, ?, ?)");

    public SqliteStatement InsertChainHead { get; } =
        file.Statement("INSERT INTO chain_head(chain, position, last_index) VALUES (?, 0, 0)");

    public SqliteStatement PutState { get; } = file.Statement("""
        INSERT INTO chain_state(chain, public_key, is_retired) VALUES (?, ?, ?)
        ON CONFLICT(chain) DO UPDATE SET public_key = excluded.public_key, is_retired = excluded.is_retired
        """);

    public SqliteStatement FindLine { get; } = file.Statement("""
        SELECT l.id, h.next FROM line l JOIN line_head h ON h.line = l.id
        WHERE l.kind = ? AND l.name = ? AND l.seller = ? AND l.epoch = ? AND l.first = ?
        """);

    public SqliteStatement InsertLine { get; } =
        file.Statement("INSERT INTO line(kind, name, seller, epoch, first, last) VALUES (?, ?, ?, ?, ?, ?)");

    public SqliteStatement InsertLineHead { get; } =
        file.Statement("INSERT INTO line_head(line, next, last, last_index) VALUES (?, ?, ?, 0)");

    public SqliteStatement FindGap { get; } =
        file.Statement("SELECT last FROM gap WHERE line = ? AND first <= ? ORDER BY first DESC LIMIT 1");

    public SqliteStatement CloseHole { get; } = file.Statement("INSERT OR IGNORE INTO closed_hole(hole, idx) VALUES (?, ?)");

    public SqliteStatement FindCorrected { get; } =
        file.Statement("SELECT 1 FROM corrected WHERE code = ?1 AND (method = 1 OR ?2 = 1) LIMIT 1");

    public SqliteStatement InsertCorrected { get; } = file.Statement("INSERT INTO corrected(code, idx, method) VALUES (?, ?, ?)");

    public SqliteStatement InsertAttachment { get; } =
        file.Statement("INSERT INTO attachment(idx, slot, keep_until, salt, content) VALUES (?, ?, ?, ?, ?)");

    public SqliteStatement InsertVerdict { get; } =
        file.Statement("INSERT INTO verdict(chain, number, position, body, signature) VALUES (?, ?, ?, ?, ?)");
}
