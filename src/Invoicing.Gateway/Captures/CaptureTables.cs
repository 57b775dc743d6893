using System.Globalization;
using System.Security.Cryptography;
using Invoicing.Hashing;
using Invoicing.Sales;
using Invoicing.Sqlite;

namespace Invoicing.Gateway.Captures;

/// <summary>The tables as the writer changes them, always inside a transaction. For the writer's thread alone.</summary>
internal sealed class CaptureTables
{
    /// <summary>Longest text of a judgement that is kept (<see cref="CaptureJudgement.Text"/>).</summary>
    private const int MaxText = 500;

    /// <summary>Gives free pages back to the disk, at most 16 MiB at once, which takes some tens of milliseconds.</summary>
    private const string GiveBack = "PRAGMA incremental_vacuum(4096)";

    private readonly SqliteFile _file;
    private readonly long _maxBytes;
    private readonly SqliteStatement _book;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _kept;
    private readonly SqliteStatement _piece;
    private readonly SqliteStatement _taken;
    private readonly SqliteStatement _take;
    private readonly SqliteStatement _judge;
    private readonly SqliteStatement _reword;
    private readonly SqliteStatement _sequenced;
    private readonly SqliteStatement _state;

    public CaptureTables(SqliteFile file, long maxBytes)
    {
        _file = file;
        _maxBytes = maxBytes;
        _book = file.Statement("SELECT last_number, last_sequence FROM book WHERE id = ?");
        _insert = file.Statement("INSERT INTO piece(book, number, at, whole, length, hash, bytes) VALUES(?, ?, ?, ?, ?, ?, ?)");
        _kept = file.Statement("UPDATE book SET last_number = last_number + 1, kept_bytes = kept_bytes + ? WHERE id = ?");
        _piece = file.Statement(CaptureRows.Columns + " WHERE book = ? AND number = ?");
        _taken = file.Statement("SELECT number FROM receipt WHERE book = ? AND key = ?");
        _take = file.Statement("INSERT INTO receipt(book, key, number) VALUES(?, ?, ?)");
        _judge = file.Statement("UPDATE piece SET class = ?, text = ?, receipt_key = ?, sequence = ?, first_seen = ? WHERE book = ? AND number = ?");
        _reword = file.Statement("UPDATE piece SET text = ? WHERE book = ? AND number = ?");
        _sequenced = file.Statement("UPDATE book SET last_sequence = last_sequence + 1 WHERE id = ?");
        _state = file.Statement("UPDATE book SET state = ? WHERE id = ?");
    }

    /// <summary>Bytes of all pieces.</summary>
    public long Bytes => _file.Scalar("SELECT coalesce(sum(kept_bytes), 0) FROM book");

    /// <summary>Makes the tables in an empty file.</summary>
    public static void Create(SqliteFile file)
    {
        file.Begin();
        file.Execute(CaptureSchema.Tables);
        file.Execute(string.Create(
            CultureInfo.InvariantCulture, $"PRAGMA application_id={CaptureSchema.ApplicationId}; PRAGMA user_version={CaptureSchema.Format}"));
        file.Commit();
    }

    /// <summary>Finds a register's book, or makes it with an epoch of its own.</summary>
    public (long Book, ulong Epoch) Open(RegisterId register)
    {
        using SqliteStatement find = _file.Statement("SELECT id, epoch FROM book WHERE register = ?");
        if (find.Bind(0, register.Value).Step())
        {
            return (find.Number(0), unchecked((ulong)find.Number(1)));
        }

        ulong epoch = NewEpoch();
        using SqliteStatement insert = _file.Statement("INSERT INTO book(register, epoch) VALUES(?, ?)");
        insert.Bind(0, register.Value).Bind(1, unchecked((long)epoch)).Run();
        return (_file.LastRowId, epoch);
    }

    /// <summary>Keeps a piece.</summary>
    /// <exception cref="InvoicingException">There is no room.</exception>
    public long Keep(long book, DateTimeOffset at, bool isWhole, ReadOnlySpan<byte> bytes)
    {
        long kept = Bytes;
        if (kept + bytes.Length > _maxBytes)
        {
            throw new InvoicingException(CaptureStore.FullText(_file.Path, kept, _maxBytes, bytes.Length), isTransient: true);
        }

        long number = Counters(book).LastNumber + 1;
        _insert.Bind(0, book).Bind(1, number).Bind(2, at.ToUnixTimeMilliseconds()).Bind(3, isWhole ? 1 : 0).Bind(4, bytes.Length)
            .Bind(5, Sha256Hash.Of(bytes).ToArray()).Bind(6, bytes).Run();
        _kept.Bind(0, bytes.Length).Bind(1, book).Run();
        return number;
    }

    /// <summary>Writes a judgement down; see <see cref="ICaptureBook.JudgeAsync"/>.</summary>
    /// <exception cref="InvoicingException">There is no such piece.</exception>
    public KeptCapture Judge(long book, long number, CaptureJudgement judgement)
    {
        string text = Shortened(judgement.Text);
        KeptCapture piece = Find(book, number)
            ?? throw new InvoicingException($"{_file.Path}: expected piece {number} to judge, found none; it was deleted meanwhile, or never kept");
        if (piece.RecordSequence is not null)
        {
            _reword.Bind(0, text).Bind(1, book).Bind(2, number).Run();
            return piece with { Text = text };
        }

        KeptCapture judged = judgement.ReceiptKey is { } key && FirstWith(book, key) is { } first
            ? piece with { Class = CaptureClass.Reprint, Text = text, FirstSeen = first }
            : piece with
            {
                Class = judgement.Class,
                Text = text,
                FirstSeen = null,
                ReceiptKey = judgement.TakesRecord ? judgement.ReceiptKey : null,
                RecordSequence = judgement.TakesRecord ? Counters(book).LastSequence + 1 : null,
            };
        Write(book, judged);
        return judged;
    }

    /// <summary>Takes a receipt key for a piece that took none; see <see cref="CaptureStore.ClaimReceiptAsync"/>.</summary>
    /// <returns>The piece that has the key now.</returns>
    public long Claim(long book, long number, string key)
    {
        if (FirstWith(book, key) is { } first)
        {
            return first;
        }

        if (Find(book, number) is not { RecordSequence: not null })
        {
            throw new InvoicingException($"{_file.Path}: expected piece {number} with a record, found none; it was deleted meanwhile, or takes none");
        }

        _take.Bind(0, book).Bind(1, key).Bind(2, number).Run();
        return number;
    }

    /// <summary>Replaces a driver's own state.</summary>
    public void WriteState(long book, ReadOnlySpan<byte> state) => _state.Bind(0, state).Bind(1, book).Run();

    /// <summary>Deletes pieces of a book, oldest first; see <see cref="CaptureStore.PruneAsync"/>.</summary>
    /// <returns>How many were deleted.</returns>
    public int Prune(long book, ulong durable, DateTimeOffset olderThan, int keepNewest, int limit)
    {
        long below = Counters(book).LastNumber - keepNewest;
        using SqliteStatement old = _file.Statement(
            "SELECT number, length, sequence IS NOT NULL FROM piece WHERE book = ? AND number <= ? AND at < ? AND class <> 0"
            + " AND (sequence IS NULL OR sequence <= ?) ORDER BY number LIMIT ?");
        old.Bind(0, book).Bind(1, below).Bind(2, olderThan.ToUnixTimeMilliseconds()).Bind(3, (long)Math.Min(durable, long.MaxValue)).Bind(4, limit);
        List<long> numbers = [];
        long bytes = 0;
        long records = 0;
        while (old.Step())
        {
            numbers.Add(old.Number(0));
            bytes += old.Number(1);
            records += old.Number(2);
        }

        using SqliteStatement delete = _file.Statement("DELETE FROM piece WHERE book = ? AND number = ?");
        numbers.ForEach(number => delete.Bind(0, book).Bind(1, number).Run());
        using SqliteStatement count = _file.Statement(
            "UPDATE book SET kept_bytes = kept_bytes - ?, deleted = deleted + ?, deleted_records = deleted_records + ? WHERE id = ?");
        count.Bind(0, bytes).Bind(1, numbers.Count).Bind(2, records).Bind(3, book).Run();
        _file.Execute(GiveBack);
        return numbers.Count;
    }

    /// <summary>All books.</summary>
    public List<(long Book, RegisterId Register, ulong Epoch)> Books()
    {
        List<(long, RegisterId, ulong)> books = [];
        using SqliteStatement select = _file.Statement("SELECT id, register, epoch FROM book ORDER BY id");
        while (select.Step())
        {
            books.Add((select.Number(0), new(select.Text(1)), unchecked((ulong)select.Number(2))));
        }

        return books;
    }

    private static ulong NewEpoch()
    {
        ulong epoch;
        do
        {
            epoch = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        }
        while (epoch == 0);
        return epoch;
    }

    /// <summary>At most <see cref="MaxText"/> characters, and no half of a pair at the end.</summary>
    private static string Shortened(string text) =>
        text.Length <= MaxText ? text : text[..(char.IsHighSurrogate(text[MaxText - 1]) ? MaxText - 1 : MaxText)];

    private KeptCapture? Find(long book, long number)
    {
        try
        {
            return _piece.Bind(0, book).Bind(1, number).Step() ? CaptureRows.Read(_piece) : null;
        }
        finally
        {
            _piece.Reset();
        }
    }

    private long? FirstWith(long book, string key)
    {
        try
        {
            return _taken.Bind(0, book).Bind(1, key).Step() ? _taken.Number(0) : null;
        }
        finally
        {
            _taken.Reset();
        }
    }

    private void Write(long book, KeptCapture piece)
    {
        _judge.Bind(0, (long)piece.Class).Bind(1, piece.Text).Bind(2, piece.ReceiptKey);
        _ = piece.RecordSequence is { } sequence ? _judge.Bind(3, (long)sequence) : _judge.BindNull(3);
        _ = piece.FirstSeen is { } first ? _judge.Bind(4, first) : _judge.BindNull(4);
        _judge.Bind(5, book).Bind(6, piece.Number).Run();
        if (piece.ReceiptKey is { } key)
        {
            _take.Bind(0, book).Bind(1, key).Bind(2, piece.Number).Run();
        }

        if (piece.RecordSequence is not null)
        {
            _sequenced.Bind(0, book).Run();
        }
    }

    private (long LastNumber, ulong LastSequence) Counters(long book)
    {
        try
        {
            return _book.Bind(0, book).Step()
                ? (_book.Number(0), (ulong)_book.Number(1))
                : throw new InvalidOperationException($"expected book {book}, found none");
        }
        finally
        {
            _book.Reset();
        }
    }
}
