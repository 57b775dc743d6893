using System.Globalization;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.NationalXml.Messages;
using Invoicing.Sqlite;

namespace Invoicing.Edge.National;

/// <summary>What was made for the authority and what it answered: a file of its own beside the journal, which is only read.</summary>
/// <remarks>
/// <c>journal.db.national.db</c>. One writer by its lock; readers at any time. Every change is one transaction, on disk when the call
/// returns. Source: design.md 5.5 (shape of answers), 5.9 (files).
/// </remarks>
internal sealed partial class SubmissionStore : IDisposable
{
    private readonly SqliteFile _file;

    private SubmissionStore(SqliteFile file) => _file = file;

    /// <summary>The file that belongs to a journal.</summary>
    public static string PathOf(string journalPath) => journalPath + ".national.db";

    /// <summary>Opens the file for writing, and makes it if it is not there.</summary>
    /// <param name="journalPath">The journal.</param>
    /// <param name="chain">The journal's chain: positions of another one mean other entries.</param>
    /// <exception cref="FileInUseException">Another writer has it.</exception>
    /// <exception cref="InvoicingException">It is of another chain or format.</exception>
    public static SubmissionStore Open(string journalPath, ChainId chain)
    {
        var file = SqliteFile.OpenWriter(PathOf(journalPath));
        try
        {
            if (file.Scalar("PRAGMA application_id") == 0 && file.Scalar("SELECT count(*) FROM sqlite_schema") == 0)
            {
                Create(file, chain);
            }

            RequireFormat(file);
            SubmissionStore store = new(file);
            string found = store.Chain;
            return found == chain.ToString()
                ? store
                : throw new InvoicingException($"{file.Path}: expected submissions of chain {chain}, found those of {found}; move the file away");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens the file for reading; <see langword="null"/> where nothing was ever made.</summary>
    /// <exception cref="InvoicingException">It is of another format.</exception>
    public static SubmissionStore? OpenReader(string journalPath)
    {
        if (!File.Exists(PathOf(journalPath)))
        {
            return null;
        }

        var file = SqliteFile.OpenReader(PathOf(journalPath));
        try
        {
            RequireFormat(file);
            return new(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Takes a message down, before its file gets its name.</summary>
    public void Add(SignedMessage message, string path, DateTimeOffset madeAt) => InTransaction(() =>
    {
        using (SqliteStatement insert = _file.Statement(
            "INSERT INTO submission(message, type, version, made_at, hash, path, state) VALUES(?, ?, ?, ?, ?, ?, 1)"))
        {
            insert.Bind(0, message.Id).Bind(1, message.Type).Bind(2, message.Version).Bind(3, madeAt.ToUnixTimeMilliseconds())
                .Bind(4, Sha256Hash.Of(message.Bytes.Span).ToArray()).Bind(5, path).Run();
        }

        long row = _file.LastRowId;
        using SqliteStatement part = _file.Statement(
            "INSERT INTO submitted(submission, place, position, code, series, number) VALUES(?, ?, ?, ?, ?, ?)");
        using SqliteStatement fits = _file.Statement("DELETE FROM left_out WHERE position = ?");
        for (int i = 0; i < message.Parts.Length; i++)
        {
            InvoiceIdentity invoice = message.Parts[i].Invoice;
            part.Bind(0, row).Bind(1, i + 1).Bind(2, message.Parts[i].Position).Bind(3, invoice.Code.ToString())
                .Bind(4, invoice.Series.ToString()).Bind(5, invoice.Number).Run();
            fits.Bind(0, message.Parts[i].Position).Run();
        }
    });

    /// <summary>Takes down an invoice that does not fit the law's file.</summary>
    public void LeaveOut(MessagePart part, string text) => InTransaction(() =>
    {
        using SqliteStatement insert = _file.Statement("INSERT OR REPLACE INTO left_out(position, invoice, text) VALUES(?, ?, ?)");
        insert.Bind(0, part.Position).Bind(1, NameOf(part.Invoice)).Bind(2, text).Run();
    });

    /// <summary>Takes a response and its answers down, together.</summary>
    /// <param name="submission">What it is about.</param>
    /// <param name="responseId">Its own MTDiep.</param>
    /// <param name="type">Its MLTDiep.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="state">How far the message is now.</param>
    /// <param name="answers">What is new of entries; numbered from the store's next.</param>
    /// <param name="importedAt">When.</param>
    public void Add(
        Submission submission, string responseId, string type, ReadOnlyMemory<byte> bytes, SubmissionState state,
        IReadOnlyList<StoredAnswer> answers, DateTimeOffset importedAt) => InTransaction(() =>
    {
        byte[] hash = Sha256Hash.Of(bytes.Span).ToArray();
        using (SqliteStatement insert = _file.Statement(
            "INSERT INTO response(hash, message, submission, type, imported_at, bytes) VALUES(?, ?, ?, ?, ?, ?)"))
        {
            insert.Bind(0, hash).Bind(1, responseId).Bind(2, submission.Row).Bind(3, type).Bind(4, importedAt.ToUnixTimeMilliseconds())
                .Bind(5, bytes.Span).Run();
        }

        using (SqliteStatement move = _file.Statement("UPDATE submission SET state = ? WHERE id = ?"))
        {
            move.Bind(0, (long)state).Bind(1, submission.Row).Run();
        }

        using SqliteStatement answer = _file.Statement(
            "INSERT INTO answer(number, position, submission, response, invoice, outcome, rule, text, advice, supersedes) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        foreach (StoredAnswer said in answers)
        {
            answer.Bind(0, said.Number).Bind(1, said.Position).Bind(2, submission.Row).Bind(3, hash).Bind(4, said.Invoice)
                .Bind(5, (long)said.Outcome).Bind(6, said.Rule).Bind(7, said.Text).Bind(8, said.Advice);
            (said.Supersedes is { } before ? answer.Bind(9, before) : answer.BindNull(9)).Run();
        }
    });

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>What people call an invoice.</summary>
    internal static string NameOf(InvoiceIdentity invoice) => string.Create(CultureInfo.InvariantCulture, $"{invoice.Series} {invoice.Number}");

    private static void Create(SqliteFile file, ChainId chain)
    {
        file.Begin();
        file.Execute(SubmissionSchema.Tables);
        using (SqliteStatement insert = file.Statement("INSERT INTO chain(id, name) VALUES(1, ?)"))
        {
            insert.Bind(0, chain.ToString()).Run();
        }

        file.Execute(string.Create(
            CultureInfo.InvariantCulture, $"PRAGMA application_id={SubmissionSchema.ApplicationId}; PRAGMA user_version={SubmissionSchema.Format}"));
        file.Commit();
    }

    private static void RequireFormat(SqliteFile file)
    {
        long application = file.Scalar("PRAGMA application_id");
        long format = file.Scalar("PRAGMA user_version");
        if (application != SubmissionSchema.ApplicationId || format != SubmissionSchema.Format)
        {
            throw new InvoicingException(
                $"{file.Path}: expected submissions of format {SubmissionSchema.Format}, found application id {application:x8}, format {format}");
        }
    }

    private void InTransaction(Action work)
    {
        _file.Begin();
        try
        {
            work();
            _file.Commit();
        }
        catch
        {
            _file.Rollback();
            throw;
        }
    }
}
