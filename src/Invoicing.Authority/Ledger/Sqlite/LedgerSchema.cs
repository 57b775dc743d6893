using System.Globalization;

namespace Invoicing.Authority.Ledger.Sqlite;

/// <summary>Tables and triggers: what must hold is refused here, whoever writes.</summary>
/// <remarks>
/// <para>
/// A unique index over interleaved chains dirties one leaf per row and key. So what comes in order is held by small head rows that a trigger
/// moves on with each insert: <c>chain_head</c> (position = head + 1) and <c>line_head</c> (a line is a register's epoch, a granted range of
/// codes or of numbers; the next value moves the head). A value that jumps ahead leaves a row in <c>gap</c>; a late one must lie in a gap,
/// which it splits. So heads and gaps say exactly which values are used, and no index is needed for what comes late either.
/// </para>
/// <para>
/// Entries lie in segments, one table per <see cref="DefaultSegmentSize"/> indexes. A full segment is never written again; its lookup indexes
/// are built once, sorted, and are unique, which proves the claims of the segment a second time. Source: design.md 5.17.
/// </para>
/// </remarks>
internal static class LedgerSchema
{
    /// <summary>Rows of a segment: building one lookup index of it takes about 0.15 s, between commits.</summary>
    public const int DefaultSegmentSize = 100_000;

    /// <summary>Version of the schema, kept in <c>user_version</c>.</summary>
    public const int Version = 1;

    /// <summary>Lookup indexes of a closed segment, in the order in which they are built: name and columns.</summary>
    public static readonly (string Name, string Columns, string Where)[] Lookups =
    [
        ("chain", "chain, position", string.Empty),
        ("record", "record_line, record_value", "WHERE record_line IS NOT NULL"),
        ("code", "code_line, code_value", "WHERE code_line IS NOT NULL"),
        ("number", "number_line, number_value", "WHERE number_line IS NOT NULL"),
    ];

    /// <summary>Everything but the segments.</summary>
    public const string Base = """
        CREATE TABLE settings(segment_size INTEGER NOT NULL);
        CREATE TABLE chain(
          id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE CHECK(length(name) = 16),
          enrolment BLOB NOT NULL UNIQUE CHECK(length(enrolment) = 32), record BLOB NOT NULL,
          seller TEXT NOT NULL, device TEXT NOT NULL);
        CREATE TABLE chain_head(
          chain INTEGER PRIMARY KEY REFERENCES chain(id), position INTEGER NOT NULL CHECK(position >= 0), last_index INTEGER NOT NULL);
        CREATE TABLE chain_state(
          chain INTEGER PRIMARY KEY REFERENCES chain(id), public_key BLOB NOT NULL, is_retired INTEGER NOT NULL CHECK(is_retired IN (0, 1)));
        CREATE TABLE line(
          id INTEGER PRIMARY KEY, kind INTEGER NOT NULL CHECK(kind IN (1, 2, 3)), seller TEXT NOT NULL, name TEXT NOT NULL,
          epoch INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL CHECK(last >= first),
          UNIQUE(kind, name, seller, epoch, first));
        CREATE TABLE line_head(
          line INTEGER PRIMARY KEY REFERENCES line(id), next INTEGER NOT NULL, last INTEGER NOT NULL, last_index INTEGER NOT NULL,
          CHECK(next <= last + 1));
        CREATE TABLE gap(
          line INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL CHECK(last >= first),
          PRIMARY KEY(line, first)) WITHOUT ROWID;
        CREATE TABLE closed_hole(hole BLOB PRIMARY KEY CHECK(length(hole) = 32), idx INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE corrected(
          code TEXT NOT NULL, idx INTEGER NOT NULL, method INTEGER NOT NULL CHECK(method IN (1, 2)), PRIMARY KEY(code, idx)) WITHOUT ROWID;
        CREATE TABLE attachment(
          idx INTEGER NOT NULL, slot INTEGER NOT NULL CHECK(slot BETWEEN 0 AND 7), keep_until INTEGER NOT NULL,
          salt BLOB NOT NULL CHECK(length(salt) = 16), content BLOB NOT NULL, PRIMARY KEY(idx, slot));
        CREATE TABLE verdict(
          chain INTEGER NOT NULL REFERENCES chain(id), number INTEGER NOT NULL, position INTEGER NOT NULL, body BLOB NOT NULL,
          signature BLOB NOT NULL CHECK(length(signature) = 64), PRIMARY KEY(chain, number)) WITHOUT ROWID;
        CREATE TABLE commit_root(
          last_index INTEGER PRIMARY KEY, ledger_time INTEGER NOT NULL, root BLOB NOT NULL,
          signature BLOB NOT NULL CHECK(length(signature) = 64), leaves BLOB NOT NULL);

        CREATE TRIGGER chain_fixed BEFORE UPDATE ON chain BEGIN SELECT RAISE(ABORT, 'a chain is never changed'); END;
        CREATE TRIGGER chain_kept BEFORE DELETE ON chain BEGIN SELECT RAISE(ABORT, 'a chain is never removed'); END;
        CREATE TRIGGER chain_head_rises BEFORE UPDATE ON chain_head WHEN NEW.position <> OLD.position + 1 OR NEW.chain <> OLD.chain
        BEGIN SELECT RAISE(ABORT, 'a head moves on by one'); END;
        CREATE TRIGGER chain_head_kept BEFORE DELETE ON chain_head BEGIN SELECT RAISE(ABORT, 'a head is never removed'); END;
        CREATE TRIGGER chain_state_final BEFORE UPDATE ON chain_state WHEN OLD.is_retired = 1
        BEGIN SELECT RAISE(ABORT, 'a retired chain is never changed'); END;
        CREATE TRIGGER line_apart BEFORE INSERT ON line WHEN NEW.kind <> 1 BEGIN
          SELECT RAISE(ABORT, 'ranges never overlap') WHERE EXISTS(
            SELECT 1 FROM line WHERE kind = NEW.kind AND name = NEW.name AND seller = NEW.seller AND first <= NEW.last AND last >= NEW.first);
        END;
        CREATE TRIGGER line_fixed BEFORE UPDATE ON line BEGIN SELECT RAISE(ABORT, 'a line is never changed'); END;
        CREATE TRIGGER line_kept BEFORE DELETE ON line BEGIN SELECT RAISE(ABORT, 'a line is never removed'); END;
        CREATE TRIGGER line_head_rises BEFORE UPDATE ON line_head WHEN NEW.next <= OLD.next OR NEW.line <> OLD.line OR NEW.last <> OLD.last
        BEGIN SELECT RAISE(ABORT, 'a line''s head only rises'); END;
        CREATE TRIGGER line_head_kept BEFORE DELETE ON line_head BEGIN SELECT RAISE(ABORT, 'a line''s head is never removed'); END;
        CREATE TRIGGER closed_hole_fixed BEFORE UPDATE ON closed_hole BEGIN SELECT RAISE(ABORT, 'a hole is closed once'); END;
        CREATE TRIGGER closed_hole_kept BEFORE DELETE ON closed_hole BEGIN SELECT RAISE(ABORT, 'a hole stays closed'); END;
        CREATE TRIGGER corrected_in_order BEFORE INSERT ON corrected BEGIN
          SELECT RAISE(ABORT, 'an invoice is replaced once, and corrected in one way') WHERE EXISTS(
            SELECT 1 FROM corrected WHERE code = NEW.code AND (method = 1 OR NEW.method = 1));
        END;
        CREATE TRIGGER corrected_fixed BEFORE UPDATE ON corrected BEGIN SELECT RAISE(ABORT, 'a correction is never changed'); END;
        CREATE TRIGGER corrected_kept BEFORE DELETE ON corrected BEGIN SELECT RAISE(ABORT, 'a correction is never removed'); END;
        CREATE TRIGGER verdict_place BEFORE INSERT ON verdict BEGIN
          SELECT RAISE(ABORT, 'verdict numbers run on') WHERE NEW.number <>
            coalesce((SELECT max(number) FROM verdict WHERE chain = NEW.chain), 0) + 1;
          SELECT RAISE(ABORT, 'a verdict judges a stored entry') WHERE NEW.position >
            coalesce((SELECT position FROM chain_head WHERE chain = NEW.chain), 0);
        END;
        CREATE TRIGGER verdict_fixed BEFORE UPDATE ON verdict BEGIN SELECT RAISE(ABORT, 'a verdict is never changed'); END;
        CREATE TRIGGER verdict_kept BEFORE DELETE ON verdict BEGIN SELECT RAISE(ABORT, 'a verdict is never removed'); END;
        CREATE TRIGGER commit_root_place BEFORE INSERT ON commit_root BEGIN
          SELECT RAISE(ABORT, 'commits run on') WHERE EXISTS(
            SELECT 1 FROM commit_root WHERE last_index = (SELECT max(last_index) FROM commit_root)
              AND (last_index >= NEW.last_index OR ledger_time > NEW.ledger_time));
        END;
        CREATE TRIGGER commit_root_fixed BEFORE UPDATE ON commit_root BEGIN SELECT RAISE(ABORT, 'a commit is never changed'); END;
        CREATE TRIGGER commit_root_kept BEFORE DELETE ON commit_root BEGIN SELECT RAISE(ABORT, 'a commit is never removed'); END;

        -- A value that is not the next one of its line: used before, ahead, or in a gap.
        CREATE VIEW late_claim AS SELECT 0 AS line, 0 AS value, 0 AS idx;
        CREATE TRIGGER late_claim_insert INSTEAD OF INSERT ON late_claim BEGIN
          SELECT RAISE(ABORT, 'value was claimed before') WHERE NOT EXISTS(SELECT 1 FROM line_head WHERE line = NEW.line AND next <= NEW.value)
            AND coalesce((SELECT last FROM gap WHERE line = NEW.line AND first <= NEW.value ORDER BY first DESC LIMIT 1), -1) < NEW.value;
          INSERT INTO gap(line, first, last)
            SELECT line, next, NEW.value - 1 FROM line_head WHERE line = NEW.line AND next < NEW.value;
          UPDATE line_head SET next = NEW.value + 1, last_index = NEW.idx WHERE line = NEW.line AND next <= NEW.value;
          INSERT INTO gap(line, first, last)
            SELECT line, NEW.value + 1, last FROM gap WHERE line = NEW.line AND last > NEW.value
              AND first = (SELECT max(first) FROM gap WHERE line = NEW.line AND first <= NEW.value);
          UPDATE gap SET last = NEW.value - 1 WHERE line = NEW.line AND last >= NEW.value
              AND first = (SELECT max(first) FROM gap WHERE line = NEW.line AND first < NEW.value);
          DELETE FROM gap WHERE line = NEW.line AND first = NEW.value;
        END;
        """;

    /// <summary>First index of a segment.</summary>
    public static long First(int segment, int size) => ((segment - 1L) * size) + 1;

    /// <summary>The segment that an index lies in, from 1.</summary>
    public static int Of(long index, int size) => (int)((index - 1) / size) + 1;

    /// <summary>Table of a segment.</summary>
    public static string Table(int segment) => string.Create(CultureInfo.InvariantCulture, $"entry_{segment:000000}");

    /// <summary>Makes a segment.</summary>
    public static string Segment(int segment, int size)
    {
        string table = Table(segment);
        long first = First(segment, size);
        string text = string.Create(CultureInfo.InvariantCulture, $"""
            CREATE TABLE {table}(
              idx INTEGER PRIMARY KEY CHECK(idx BETWEEN {first} AND {first + size - 1}),
              time INTEGER NOT NULL, chain INTEGER NOT NULL, position INTEGER NOT NULL, kind INTEGER NOT NULL,
              record_line INTEGER, record_value INTEGER, code_line INTEGER, code_value INTEGER, number_line INTEGER, number_value INTEGER,
              hash BLOB NOT NULL CHECK(length(hash) = 32), signature BLOB NOT NULL CHECK(length(signature) = 64),
              body BLOB NOT NULL CHECK(length(body) BETWEEN 1 AND 32768));
            CREATE TRIGGER {table}_place BEFORE INSERT ON {table} BEGIN
              SELECT RAISE(ABORT, 'ledger indexes run on') WHERE NEW.idx <> coalesce((SELECT max(idx) FROM {table}), {first - 1}) + 1;
              UPDATE chain_head SET position = NEW.position, last_index = NEW.idx WHERE chain = NEW.chain AND position = NEW.position - 1;
              SELECT RAISE(ABORT, 'position does not follow its chain''s head') WHERE changes() = 0;
            END;
            CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
            CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'an entry is never removed'); END;
            """);
        foreach (string claim in (string[])["record", "code", "number"])
        {
            text += $"""

                CREATE TRIGGER {table}_{claim} BEFORE INSERT ON {table} WHEN NEW.{claim}_line IS NOT NULL BEGIN
                  UPDATE line_head SET next = NEW.{claim}_value + 1, last_index = NEW.idx
                    WHERE line = NEW.{claim}_line AND next = NEW.{claim}_value;
                  INSERT INTO late_claim(line, value, idx) SELECT NEW.{claim}_line, NEW.{claim}_value, NEW.idx WHERE changes() = 0;
                END;
                """;
        }

        return text;
    }
}
