namespace Invoicing.Edge.National;

/// <summary>Tables of the file beside the journal. What was sent and heard is never changed or removed, but for how far a message is.</summary>
internal static class SubmissionSchema
{
    /// <summary>Format of the file (SQLite's user_version).</summary>
    public const int Format = 1;

    /// <summary>"INVN": names the file's kind (SQLite's application_id).</summary>
    public const int ApplicationId = 0x494E564E;

    public const string Tables = """
        CREATE TABLE chain(id INTEGER PRIMARY KEY CHECK(id = 1), name TEXT NOT NULL);
        CREATE TABLE submission(
          id INTEGER PRIMARY KEY,
          message TEXT NOT NULL UNIQUE,
          type TEXT NOT NULL,
          version TEXT NOT NULL,
          made_at INTEGER NOT NULL,
          hash BLOB NOT NULL CHECK(length(hash) = 32),
          path TEXT NOT NULL,
          state INTEGER NOT NULL CHECK(state BETWEEN 1 AND 4));
        CREATE TRIGGER submission_stays BEFORE UPDATE OF id, message, type, version, made_at, hash, path ON submission
          BEGIN SELECT raise(ABORT, 'a submission is never changed'); END;
        CREATE TRIGGER submission_is_kept BEFORE DELETE ON submission
          BEGIN SELECT raise(ABORT, 'a submission is never removed'); END;
        CREATE TABLE submitted(
          submission INTEGER NOT NULL REFERENCES submission(id),
          place INTEGER NOT NULL,
          position INTEGER NOT NULL,
          code TEXT NOT NULL,
          series TEXT NOT NULL,
          number INTEGER NOT NULL,
          PRIMARY KEY(submission, place),
          UNIQUE(position, submission)) WITHOUT ROWID;
        CREATE TABLE left_out(position INTEGER PRIMARY KEY, invoice TEXT NOT NULL, text TEXT NOT NULL);
        CREATE TABLE response(
          hash BLOB PRIMARY KEY CHECK(length(hash) = 32),
          message TEXT NOT NULL UNIQUE,
          submission INTEGER NOT NULL REFERENCES submission(id),
          type TEXT NOT NULL,
          imported_at INTEGER NOT NULL,
          bytes BLOB NOT NULL);
        CREATE TABLE answer(
          number INTEGER PRIMARY KEY,
          position INTEGER NOT NULL,
          submission INTEGER NOT NULL REFERENCES submission(id),
          response BLOB NOT NULL REFERENCES response(hash),
          invoice TEXT NOT NULL,
          outcome INTEGER NOT NULL CHECK(outcome IN (1, 2, 3)),
          rule TEXT NOT NULL,
          text TEXT NOT NULL,
          advice TEXT NOT NULL,
          supersedes INTEGER REFERENCES answer(number));
        CREATE INDEX answer_position ON answer(position, number);
        CREATE TRIGGER answer_runs_on BEFORE INSERT ON answer
          WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM answer)
            OR NEW.supersedes IS NOT (SELECT max(number) FROM answer WHERE position = NEW.position)
          BEGIN SELECT raise(ABORT, 'an answer follows the last one and supersedes the one before it'); END;
        CREATE TRIGGER answer_stays BEFORE UPDATE ON answer BEGIN SELECT raise(ABORT, 'an answer is never changed'); END;
        CREATE TRIGGER answer_is_kept BEFORE DELETE ON answer BEGIN SELECT raise(ABORT, 'an answer is never removed'); END;
        """;
}
