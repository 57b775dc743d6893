namespace Invoicing.Gateway.Journal;

/// <summary>The journal's tables. What must be unique or in order is the schema's own rule and not only the code's.</summary>
internal static class JournalSchema
{
    /// <summary>Format of the file (SQLite's user_version). A journal of another format is refused, never changed.</summary>
    public const int Format = 1;

    /// <summary>"INVJ": names the file's kind (SQLite's application_id).</summary>
    public const int ApplicationId = 0x494E564A;

    /// <summary>
    /// Leases, and which entries bear their codes: these come late and in the order of other registers' sales, so halving the chain does not
    /// find them. Also made in a journal that began before there were leases; its format is the same, as no other table knows of them.
    /// </summary>
    public const string Leases = """
        CREATE TABLE IF NOT EXISTS lease(
          id INTEGER PRIMARY KEY CHECK(id > 0),
          line INTEGER NOT NULL REFERENCES line(id),
          block TEXT NOT NULL,
          first_code INTEGER NOT NULL,
          last_code INTEGER NOT NULL,
          series TEXT NOT NULL,
          first_number INTEGER NOT NULL,
          until INTEGER NOT NULL,
          granted_at INTEGER NOT NULL,
          position INTEGER NOT NULL UNIQUE,
          next INTEGER NOT NULL CHECK(next BETWEEN 0 AND last_code - first_code + 1),
          taken INTEGER NOT NULL,
          ends_after INTEGER,
          closed INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS lease_open ON lease(line) WHERE closed = 0;
        CREATE INDEX IF NOT EXISTS lease_codes ON lease(block, first_code);
        CREATE TRIGGER IF NOT EXISTS lease_only_rises BEFORE UPDATE ON lease WHEN NEW.next < OLD.next OR NEW.closed < OLD.closed
          BEGIN SELECT raise(ABORT, 'a leased code is never given twice'); END;
        CREATE TABLE IF NOT EXISTS leased(
          lease INTEGER NOT NULL REFERENCES lease(id), place INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY(lease, place)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS range_grant(number INTEGER PRIMARY KEY, position INTEGER NOT NULL UNIQUE);
        CREATE TRIGGER IF NOT EXISTS range_grant_runs_on BEFORE INSERT ON range_grant
          WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM range_grant)
          BEGIN SELECT raise(ABORT, 'a grant must follow the last one'); END;
        """;

    /// <summary>
    /// The tables. A line's last sequence is that of its last record, or of the last that was declared lost: a row of its own would be one
    /// more page for each commit. Lookups for key entries have a partial index, which costs nothing on any other entry.
    /// </summary>
    public const string Tables = """
        CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE entry(
          position INTEGER PRIMARY KEY CHECK(position > 0),
          kind INTEGER NOT NULL,
          hash BLOB NOT NULL CHECK(length(hash) = 32),
          signature BLOB NOT NULL CHECK(length(signature) = 64),
          body BLOB NOT NULL);
        CREATE INDEX entry_key ON entry(position) WHERE kind IN (16, 26);
        CREATE TRIGGER entry_runs_on BEFORE INSERT ON entry
          WHEN NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM entry)
          BEGIN SELECT raise(ABORT, 'an entry must follow the last one'); END;
        CREATE TRIGGER entry_stays BEFORE UPDATE OF position, kind, hash, body ON entry
          BEGIN SELECT raise(ABORT, 'an entry is never changed'); END;
        CREATE TRIGGER entry_is_kept BEFORE DELETE ON entry
          BEGIN SELECT raise(ABORT, 'an entry is never removed'); END;
        CREATE TABLE line(
          id INTEGER PRIMARY KEY,
          register TEXT NOT NULL,
          epoch INTEGER NOT NULL,
          base_sequence INTEGER NOT NULL,
          base_hash BLOB,
          lost_through INTEGER NOT NULL CHECK(lost_through >= base_sequence),
          stopped TEXT,
          retired INTEGER NOT NULL,
          UNIQUE(register, epoch));
        CREATE TRIGGER line_only_rises BEFORE UPDATE OF lost_through ON line WHEN NEW.lost_through < OLD.lost_through
          BEGIN SELECT raise(ABORT, 'a line of records never goes back'); END;
        CREATE TABLE register_record(
          line INTEGER NOT NULL REFERENCES line(id),
          sequence INTEGER NOT NULL,
          hash BLOB NOT NULL CHECK(length(hash) = 32),
          position INTEGER NOT NULL,
          outcome INTEGER NOT NULL,
          reason TEXT,
          PRIMARY KEY(line, sequence)) WITHOUT ROWID;
        CREATE TABLE conflict(
          line INTEGER NOT NULL REFERENCES line(id),
          sequence INTEGER NOT NULL,
          hash BLOB NOT NULL,
          position INTEGER NOT NULL,
          PRIMARY KEY(line, sequence, hash)) WITHOUT ROWID;
        CREATE TABLE held(position INTEGER PRIMARY KEY);
        CREATE TABLE resolved(position INTEGER PRIMARY KEY, invoice INTEGER NOT NULL);
        CREATE TABLE granted(
          id INTEGER PRIMARY KEY,
          sort INTEGER NOT NULL CHECK(sort IN (1, 2)),
          label TEXT NOT NULL,
          first INTEGER NOT NULL,
          last INTEGER NOT NULL,
          next INTEGER NOT NULL CHECK(next BETWEEN first AND last + 1),
          UNIQUE(sort, label, first));
        CREATE TRIGGER granted_only_rises BEFORE UPDATE ON granted WHEN NEW.next < OLD.next
          BEGIN SELECT raise(ABORT, 'a code or number is never given twice'); END;
        CREATE TABLE recovered(
          code TEXT PRIMARY KEY, series TEXT NOT NULL, number INTEGER NOT NULL, position INTEGER NOT NULL, UNIQUE(series, number)) WITHOUT ROWID;
        CREATE TABLE correction(position INTEGER PRIMARY KEY, corrected TEXT NOT NULL, method INTEGER NOT NULL);
        CREATE INDEX correction_of ON correction(corrected);
        CREATE TABLE day_close(
          line INTEGER NOT NULL REFERENCES line(id), sequence INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY(line, sequence)) WITHOUT ROWID;
        CREATE TABLE attachment(
          position INTEGER NOT NULL,
          number INTEGER NOT NULL,
          salt BLOB NOT NULL,
          content BLOB NOT NULL,
          retain_until INTEGER NOT NULL,
          PRIMARY KEY(position, number));
        CREATE TABLE catalogue(
          id INTEGER PRIMARY KEY,
          hash BLOB NOT NULL CHECK(length(hash) = 32),
          imported_at INTEGER NOT NULL,
          source TEXT NOT NULL,
          items INTEGER NOT NULL,
          position INTEGER NOT NULL UNIQUE,
          content BLOB NOT NULL);
        CREATE INDEX catalogue_hash ON catalogue(hash);
        CREATE TRIGGER catalogue_stays BEFORE UPDATE ON catalogue
          BEGIN SELECT raise(ABORT, 'a catalogue is never changed'); END;
        CREATE TRIGGER catalogue_is_kept BEFORE DELETE ON catalogue
          BEGIN SELECT raise(ABORT, 'a catalogue is never removed'); END;
        CREATE TABLE stated_new(register TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE uplink(
          id INTEGER PRIMARY KEY CHECK(id = 1),
          checkpoint INTEGER NOT NULL,
          safe_position INTEGER NOT NULL,
          root BLOB, signature BLOB, leaf BLOB, leaf_number INTEGER, path BLOB,
          stopped TEXT);
        INSERT INTO uplink(id, checkpoint, safe_position) VALUES(1, 0, 0);
        CREATE TABLE verdict(
          number INTEGER PRIMARY KEY, position INTEGER NOT NULL, outcome INTEGER NOT NULL, body BLOB NOT NULL, signature BLOB NOT NULL);
        CREATE TRIGGER verdict_runs_on BEFORE INSERT ON verdict
          WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM verdict)
          BEGIN SELECT raise(ABORT, 'a verdict must follow the last one'); END;
        CREATE TABLE parked(position INTEGER PRIMARY KEY, verdict INTEGER NOT NULL);
        CREATE TABLE resigned(position INTEGER PRIMARY KEY);
        """;
}
