using Invoicing.Sqlite;

namespace Invoicing.Gateway.Journal;

internal sealed partial class JournalFile
{
    /// <summary>Prepared once: preparing one for each row costs more than half of the rate.</summary>
    private sealed class Statements(SqliteFile file)
    {
        public SqliteStatement InsertEntry { get; } =
            file.Statement("INSERT INTO entry(position, kind, hash, signature, body) VALUES(?, ?, ?, ?, ?)");

        public SqliteStatement InsertRecord { get; } =
            file.Statement("INSERT INTO register_record(line, sequence, hash, position, outcome, reason) VALUES(?, ?, ?, ?, ?, ?)");

        public SqliteStatement InsertHeld { get; } = file.Statement("INSERT INTO held(position) VALUES(?)");

        public SqliteStatement InsertAttachment { get; } =
            file.Statement("INSERT INTO attachment(position, number, salt, content, retain_until) VALUES(?, ?, ?, ?, ?)");

        public SqliteStatement InsertConflict { get; } =
            file.Statement("INSERT INTO conflict(line, sequence, hash, position) VALUES(?, ?, ?, ?)");

        public SqliteStatement InsertRecovered { get; } =
            file.Statement("INSERT INTO recovered(code, series, number, position) VALUES(?, ?, ?, ?)");

        public SqliteStatement InsertStatedNew { get; } = file.Statement("INSERT OR IGNORE INTO stated_new(register) VALUES(?)");

        public SqliteStatement InsertCatalogue { get; } =
            file.Statement("INSERT INTO catalogue(hash, imported_at, source, items, position, content) VALUES(?, ?, ?, ?, ?, ?)");

        public SqliteStatement SaveLine { get; } = file.Statement("""
            INSERT INTO line(id, register, epoch, base_sequence, base_hash, lost_through, stopped, retired) VALUES(?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT(id) DO UPDATE SET lost_through = excluded.lost_through, stopped = excluded.stopped, retired = excluded.retired
            """);

        public SqliteStatement MoveRange { get; } = file.Statement("UPDATE granted SET next = ? WHERE id = ? AND next = ?");

        public SqliteStatement InsertRange { get; } =
            file.Statement("INSERT INTO granted(id, sort, label, first, last, next) VALUES(?, ?, ?, ?, ?, ?)");

        public SqliteStatement InsertGrant { get; } = file.Statement("INSERT INTO range_grant(number, position) VALUES(?, ?)");

        public SqliteStatement SaveUplink { get; } = file.Statement("""
            UPDATE uplink SET checkpoint = ?, safe_position = ?, root = ?, signature = ?, leaf = ?, leaf_number = ?, path = ?, stopped = ?
            """);

        public SqliteStatement InsertVerdict { get; } =
            file.Statement("INSERT INTO verdict(number, position, outcome, body, signature) VALUES(?, ?, ?, ?, ?)");

        public SqliteStatement Park { get; } = file.Statement("INSERT OR REPLACE INTO parked(position, verdict) VALUES(?, ?)");

        public SqliteStatement Unpark { get; } = file.Statement("DELETE FROM parked WHERE position = ?");

        public SqliteStatement Resign { get; } = file.Statement("UPDATE entry SET signature = ? WHERE position = ?");

        public SqliteStatement InsertResigned { get; } = file.Statement("INSERT INTO resigned(position) VALUES(?)");

        public SqliteStatement FindRecord { get; } =
            file.Statement("SELECT hash, position, outcome, reason FROM register_record WHERE line = ? AND sequence = ?");

        public SqliteStatement FindNewestRecord { get; } = file.Statement(
            "SELECT sequence, hash FROM register_record WHERE line = ? AND sequence <= ? ORDER BY sequence DESC LIMIT 1");

        public SqliteStatement FindConflict { get; } =
            file.Statement("SELECT position FROM conflict WHERE line = ? AND sequence = ? AND hash = ?");

        public SqliteStatement FindRecovered { get; } =
            file.Statement("SELECT position FROM recovered WHERE code = ?1 OR (series = ?2 AND number = ?3)");

        public SqliteStatement InsertResolved { get; } = file.Statement("INSERT INTO resolved(position, invoice) VALUES(?, ?)");

        public SqliteStatement DeleteHeld { get; } = file.Statement("DELETE FROM held WHERE position = ?");

        public SqliteStatement FindResolved { get; } = file.Statement("SELECT invoice FROM resolved WHERE position = ?");

        public SqliteStatement InsertCorrection { get; } =
            file.Statement("INSERT INTO correction(position, corrected, method) VALUES(?, ?, ?)");

        public SqliteStatement FindCorrections { get; } =
            file.Statement("SELECT position FROM correction WHERE corrected = ? ORDER BY position");

        public SqliteStatement InsertDayClose { get; } = file.Statement("INSERT INTO day_close(line, sequence, position) VALUES(?, ?, ?)");

        public SqliteStatement FindDayClose { get; } =
            file.Statement("SELECT coalesce(max(sequence), 0) FROM day_close WHERE line = ? AND sequence < ?");

        public SqliteStatement FindRecordsOf { get; } = file.Statement("""
            SELECT r.outcome, e.kind, e.body FROM register_record r JOIN entry e ON e.position = r.position
            WHERE r.line = ? AND r.sequence BETWEEN ? AND ? ORDER BY r.sequence
            """);

        public SqliteStatement NextCoded { get; } = file.Statement("""
            SELECT position, kind, hash, signature, body FROM entry WHERE position BETWEEN ? AND ? AND kind IN (17, 18) ORDER BY position LIMIT 1
            """);

        public SqliteStatement FindRecoveredCode { get; } = file.Statement("SELECT position FROM recovered WHERE code = ?");

        public SqliteStatement InsertLease { get; } = file.Statement("""
            INSERT INTO lease(id, line, block, first_code, last_code, series, first_number, until, granted_at, position, next, taken, closed)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0)
            """);

        public SqliteStatement SaveLease { get; } =
            file.Statement("UPDATE lease SET next = ?, taken = ?, ends_after = ?, closed = ? WHERE id = ? AND closed = 0");

        public SqliteStatement InsertLeased { get; } = file.Statement("INSERT INTO leased(lease, place, position) VALUES(?, ?, ?)");

        public SqliteStatement InsertLeasedCode { get; } =
            file.Statement("INSERT INTO leased(lease, place, position) SELECT id, ?2 - first_code, ?3 FROM lease WHERE id = ?1");

        public SqliteStatement FindLease { get; } = file.Statement("SELECT 1 FROM lease WHERE id = ?");

        // The nearest lease at or below the code is the one that can hold it: leases do not overlap.
        public SqliteStatement FindLeasedCode { get; } = file.Statement("""
            SELECT (SELECT position FROM leased WHERE lease = e.id AND place = ?2 - e.first_code)
            FROM (SELECT id, first_code, last_code FROM lease WHERE block = ?1 AND first_code <= ?2 ORDER BY first_code DESC LIMIT 1) e
            WHERE e.last_code >= ?2
            """);

        public SqliteStatement FindRecoveredOf { get; } = file.Statement(
            "SELECT 1 FROM recovered c JOIN register_record r ON r.line = ? AND r.position = c.position LIMIT 1");

        public SqliteStatement FindAttachments { get; } =
            file.Statement("SELECT number, salt, content FROM attachment WHERE position = ? ORDER BY number");

        public SqliteStatement FindParked { get; } = file.Statement("SELECT 1 FROM parked WHERE position = ?");

        public SqliteStatement FindResigned { get; } = file.Statement("SELECT 1 FROM resigned WHERE position = ?");

        public SqliteStatement ReadEntry { get; } =
            file.Statement("SELECT position, kind, hash, signature, body FROM entry WHERE position = ?");
    }
}
