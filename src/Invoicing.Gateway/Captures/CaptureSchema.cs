namespace Invoicing.Gateway.Captures;

/// <summary>Tables of the file of captures. What must be unique or in order is the schema's own rule and not only the code's.</summary>
/// <remarks>
/// A receipt's key outlives its piece: a copy that is printed after the piece was deleted must still not become a second sale. That is some
/// fifty bytes for each receipt, for ever. What was deleted is counted, so that a check can tell what retention took from what is missing.
/// </remarks>
internal static class CaptureSchema
{
    /// <summary>Format of the file (SQLite's user_version).</summary>
    public const int Format = 1;

    /// <summary>"INVC": names the file's kind (SQLite's application_id).</summary>
    public const int ApplicationId = 0x494E5643;

    public const string Tables = """
        CREATE TABLE book(
          id INTEGER PRIMARY KEY,
          register TEXT NOT NULL UNIQUE,
          epoch INTEGER NOT NULL CHECK(epoch <> 0),
          last_number INTEGER NOT NULL DEFAULT 0,
          last_sequence INTEGER NOT NULL DEFAULT 0,
          kept_bytes INTEGER NOT NULL DEFAULT 0 CHECK(kept_bytes >= 0),
          deleted INTEGER NOT NULL DEFAULT 0,
          deleted_records INTEGER NOT NULL DEFAULT 0,
          state BLOB NOT NULL DEFAULT x'');
        CREATE TRIGGER book_stays BEFORE UPDATE OF id, register, epoch ON book
          BEGIN SELECT raise(ABORT, 'a book keeps its register and epoch'); END;
        CREATE TRIGGER book_only_rises BEFORE UPDATE ON book
          WHEN NEW.last_number < OLD.last_number OR NEW.last_sequence < OLD.last_sequence
          BEGIN SELECT raise(ABORT, 'a number is never given twice'); END;
        CREATE TRIGGER book_is_kept BEFORE DELETE ON book
          BEGIN SELECT raise(ABORT, 'a book is never removed'); END;
        CREATE TABLE piece(
          book INTEGER NOT NULL REFERENCES book(id),
          number INTEGER NOT NULL,
          at INTEGER NOT NULL,
          whole INTEGER NOT NULL CHECK(whole IN (0, 1)),
          class INTEGER NOT NULL DEFAULT 0 CHECK(class BETWEEN 0 AND 12),
          text TEXT NOT NULL DEFAULT '',
          receipt_key TEXT,
          sequence INTEGER CHECK(sequence IS NULL OR class <> 0),
          first_seen INTEGER,
          length INTEGER NOT NULL CHECK(length > 0),
          hash BLOB NOT NULL CHECK(length(hash) = 32),
          bytes BLOB NOT NULL,
          PRIMARY KEY(book, number));
        CREATE UNIQUE INDEX piece_sequence ON piece(book, sequence) WHERE sequence IS NOT NULL;
        CREATE INDEX piece_class ON piece(book, class, number);
        CREATE TRIGGER piece_runs_on BEFORE INSERT ON piece
          WHEN NEW.number <> (SELECT last_number + 1 FROM book WHERE id = NEW.book) OR NEW.class <> 0 OR NEW.sequence IS NOT NULL
          BEGIN SELECT raise(ABORT, 'a piece must follow the last one and be judged later'); END;
        CREATE TRIGGER piece_stays BEFORE UPDATE OF book, number, at, whole, length, hash, bytes ON piece
          BEGIN SELECT raise(ABORT, 'a piece is never changed'); END;
        CREATE TRIGGER piece_keeps_its_place BEFORE UPDATE ON piece
          WHEN OLD.sequence IS NOT NULL AND (NEW.sequence IS NOT OLD.sequence OR NEW.receipt_key IS NOT OLD.receipt_key OR NEW.class <> OLD.class)
          BEGIN SELECT raise(ABORT, 'a piece keeps its place in the line of records'); END;
        CREATE TRIGGER sequence_runs_on BEFORE UPDATE OF sequence ON piece
          WHEN OLD.sequence IS NULL AND NEW.sequence <> (SELECT last_sequence + 1 FROM book WHERE id = NEW.book)
          BEGIN SELECT raise(ABORT, 'a record must follow the last one'); END;
        CREATE TABLE receipt(
          book INTEGER NOT NULL REFERENCES book(id),
          key TEXT NOT NULL,
          number INTEGER NOT NULL,
          PRIMARY KEY(book, key)) WITHOUT ROWID;
        CREATE TRIGGER receipt_stays BEFORE UPDATE ON receipt
          BEGIN SELECT raise(ABORT, 'a receipt is taken once'); END;
        CREATE TRIGGER receipt_is_kept BEFORE DELETE ON receipt
          BEGIN SELECT raise(ABORT, 'a receipt is never forgotten'); END;
        """;
}
