using System.Globalization;
using Invoicing.Chain;
using Invoicing.Invoices;
using Invoicing.Sqlite;

namespace Invoicing.Gateway.Journal;

internal sealed partial class JournalFile
{
    /// <summary>Opens a journal for writing and verifies its tail, or makes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="start">Asked for only where there is no journal yet.</param>
    /// <param name="state">Where it stands.</param>
    /// <exception cref="FileInUseException">Another writer has it.</exception>
    /// <exception cref="JournalCorruptException">It is damaged.</exception>
    public static JournalFile Open(string path, Func<JournalStart> start, out JournalState state)
    {
        SqliteFile? file = null;
        try
        {
            file = SqliteFile.OpenWriter(path);
            if (IsEmpty(file))
            {
                Create(file, start());
            }

            RequireFormat(file);
            file.Execute(JournalSchema.Leases);
            state = JournalLoader.Load(file);
            JournalTail.Verify(file, state);
            state = state with { Catalogue = JournalCatalogues.InForce(file) };
            return new(file);
        }
        catch (SqliteException fault) when (fault.IsDamage)
        {
            file?.Dispose();
            throw new JournalCorruptException(path, new(0, "database", "a sound SQLite file", fault.Message), fault);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a file that is no journal, or one of another format.</summary>
    /// <exception cref="InvoicingException">It is one of these.</exception>
    public static void RequireFormat(SqliteFile file)
    {
        long application = file.Scalar("PRAGMA application_id");
        long format = file.Scalar("PRAGMA user_version");
        if (application != JournalSchema.ApplicationId || format != JournalSchema.Format)
        {
            throw new InvoicingException(
                $"{file.Path}: expected a journal of format {JournalSchema.Format}, found application id {application:x8}, format {format}");
        }
    }

    private static bool IsEmpty(SqliteFile file) =>
        file.Scalar("PRAGMA application_id") == 0 && file.Scalar("SELECT count(*) FROM sqlite_schema") == 0;

    private static void Create(SqliteFile file, JournalStart start)
    {
        file.Begin();
        file.Execute(JournalSchema.Tables);
        file.Execute(string.Create(
            CultureInfo.InvariantCulture, $"PRAGMA application_id={JournalSchema.ApplicationId}; PRAGMA user_version={JournalSchema.Format}"));
        using (SqliteStatement meta = file.Statement("INSERT INTO meta(name, value) VALUES(?, ?)"))
        {
            meta.Bind(0, JournalLoader.EnrolmentName).Bind(1, start.Enrolment.Bytes.Span).Run();
        }

        using (SqliteStatement grant = file.Statement("INSERT INTO granted(id, sort, label, first, last, next) VALUES(?, ?, ?, ?, ?, ?)"))
        {
            for (int i = 0; i < start.Enrolment.Codes.Length; i++)
            {
                CodeRange codes = start.Enrolment.Codes[i];
                grant.Bind(0, RangeRow(i, isCodes: true)).Bind(1, 1).Bind(2, codes.Block)
                    .Bind(3, codes.First).Bind(4, codes.Last).Bind(5, codes.First).Run();
            }

            for (int i = 0; i < start.Enrolment.Numbers.Length; i++)
            {
                NumberRange numbers = start.Enrolment.Numbers[i];
                grant.Bind(0, RangeRow(i, isCodes: false)).Bind(1, 2).Bind(2, numbers.Series.ToString())
                    .Bind(3, numbers.First).Bind(4, numbers.Last).Bind(5, numbers.First).Run();
            }
        }

        start.Keys.Write(file);
        InsertFirst(file, start.Opening);
        file.Commit();
    }

    private static void InsertFirst(SqliteFile file, SignedEntry opening)
    {
        using SqliteStatement insert = file.Statement("INSERT INTO entry(position, kind, hash, signature, body) VALUES(?, ?, ?, ?, ?)");
        insert.Bind(0, opening.Position).Bind(1, (long)opening.Kind).Bind(2, opening.Hash.ToArray())
            .Bind(3, opening.Signature.ToArray()).Bind(4, opening.Body.Span).Run();
    }
}
