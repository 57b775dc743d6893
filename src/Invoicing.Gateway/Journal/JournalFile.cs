using Invoicing.Catalogues;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Signing;
using Invoicing.Sqlite;

namespace Invoicing.Gateway.Journal;

/// <summary>The journal's one writing connection: statements, and nothing that decides. For one thread at a time.</summary>
/// <remarks>
/// Contract: what was inserted between <see cref="Begin"/> and <see cref="Commit"/> is on the disk when Commit returns, all of it or, after
/// a crash, none. Entries, the records they rest on, line heads and range cursors are written in one transaction, so a crash between them
/// cannot leave a number used without its entry, or an entry without its record. After any exception between the two the outcome is
/// unknown and the process is to end.
/// </remarks>
internal sealed partial class JournalFile : IDisposable
{
    private readonly SqliteFile _file;
    private readonly Statements _sql;

    private JournalFile(SqliteFile file)
    {
        _file = file;
        _sql = new(file);
    }

    public string Path => _file.Path;

    /// <summary>Pages in the write-ahead log since its last start.</summary>
    public int LogPages => _file.LogPages;

    public void Begin() => _file.Begin();

    public void Commit() => _file.Commit();

    /// <summary>Takes back what was written since <see cref="Begin"/>: the key failed, and not the disk.</summary>
    public void Rollback() => _file.Rollback();

    public (int Log, int Copied) Checkpoint() => _file.Checkpoint();

    public void Insert(SignedEntry entry)
    {
        Span<byte> signature = stackalloc byte[EcdsaSignature.Length];
        Span<byte> hash = stackalloc byte[Sha256Hash.Length];
        entry.Signature.CopyTo(signature);
        entry.Hash.CopyTo(hash);
        _sql.InsertEntry.Bind(0, entry.Position).Bind(1, (long)entry.Kind).Bind(2, hash).Bind(3, signature).Bind(4, entry.Body.Span).Run();
    }

    public void Insert(long line, ulong sequence, in StoredRecord record)
    {
        Span<byte> hash = stackalloc byte[Sha256Hash.Length];
        record.Hash.CopyTo(hash);
        _sql.InsertRecord.Bind(0, line).Bind(1, (long)sequence).Bind(2, hash).Bind(3, record.Position)
            .Bind(4, (long)record.Outcome).Bind(5, record.Reason).Run();
        if (record.Outcome is StoredOutcome.Held or StoredOutcome.CodeConflict)
        {
            _sql.InsertHeld.Bind(0, record.Position).Run();
        }
    }

    public void Insert(long position, int number, StoredAttachment attachment, long retainUntil) =>
        _sql.InsertAttachment.Bind(0, position).Bind(1, number).Bind(2, attachment.Salt.Span).Bind(3, attachment.Content.Span)
            .Bind(4, retainUntil).Run();

    public void InsertConflict(long line, ulong sequence, in Sha256Hash hash, long position) =>
        _sql.InsertConflict.Bind(0, line).Bind(1, (long)sequence).Bind(2, hash.ToArray()).Bind(3, position).Run();

    public void InsertRecovered(string code, string series, int number, long position) =>
        _sql.InsertRecovered.Bind(0, code).Bind(1, series).Bind(2, number).Bind(3, position).Run();

    public void InsertStatedNew(string register) => _sql.InsertStatedNew.Bind(0, register).Run();

    /// <summary>Notes which invoice closed a hole; the sale is not held any more.</summary>
    public void InsertResolved(long hole, long invoice)
    {
        _sql.InsertResolved.Bind(0, hole).Bind(1, invoice).Run();
        Expect(_sql.DeleteHeld.Bind(0, hole).Run(), $"held sale of entry {hole}");
    }

    public void InsertCorrection(long position, string corrected, int method) =>
        _sql.InsertCorrection.Bind(0, position).Bind(1, corrected).Bind(2, method).Run();

    public void InsertDayClose(long line, ulong sequence, long position) =>
        _sql.InsertDayClose.Bind(0, line).Bind(1, (long)sequence).Bind(2, position).Run();

    public void Insert(CatalogueVersion version, ReadOnlySpan<byte> content) =>
        _sql.InsertCatalogue.Bind(0, version.Hash.ToArray()).Bind(1, version.ImportedAt.ToUnixTimeMilliseconds()).Bind(2, version.Source)
            .Bind(3, version.Items).Bind(4, version.Position).Bind(5, content).Run();

    /// <summary>Notes where the signing keys lie.</summary>
    public void Save(JournalKeys keys) => keys.Write(_file);

    /// <summary>Writes a line's row anew.</summary>
    public void Save(LineState line)
    {
        _sql.SaveLine.Bind(0, line.Id).Bind(1, line.Register.Value).Bind(2, unchecked((long)line.Epoch)).Bind(3, (long)line.BaseSequence);
        if (line.BaseHash is { } hash)
        {
            _sql.SaveLine.Bind(4, hash.ToArray());
        }
        else
        {
            _sql.SaveLine.BindNull(4);
        }

        _sql.SaveLine.Bind(5, (long)line.LostThrough).Bind(6, line.Stopped).Bind(7, line.IsRetired ? 1 : 0).Run();
    }

    /// <summary>Moves a range's cursor, under the condition that it stands where it was read.</summary>
    /// <param name="range">Its number in the order of grants of its sort, from 0.</param>
    /// <param name="isCodes">Codes, or invoice numbers.</param>
    /// <param name="before">Where it was read.</param>
    /// <param name="after">The next to take.</param>
    public void MoveRange(int range, bool isCodes, long before, long after) => Expect(
        _sql.MoveRange.Bind(0, after).Bind(1, RangeRow(range, isCodes)).Bind(2, before).Run(), $"range {range}");

    /// <summary>Adds a range of codes behind those granted before.</summary>
    /// <param name="range">Its number in the order of grants of its sort, from 0.</param>
    /// <param name="cursor">The range, and the next to take.</param>
    public void InsertRange(int range, CodeCursor cursor) => _sql.InsertRange
        .Bind(0, RangeRow(range, isCodes: true)).Bind(1, 1).Bind(2, cursor.Range.Block)
        .Bind(3, cursor.Range.First).Bind(4, cursor.Range.Last).Bind(5, cursor.Next).Run();

    /// <summary>Adds a range of numbers behind those granted before.</summary>
    /// <inheritdoc cref="InsertRange(int, CodeCursor)"/>
    public void InsertRange(int range, NumberCursor cursor) => _sql.InsertRange
        .Bind(0, RangeRow(range, isCodes: false)).Bind(1, 2).Bind(2, cursor.Range.Series.ToString())
        .Bind(3, cursor.Range.First).Bind(4, cursor.Range.Last).Bind(5, cursor.Next).Run();

    /// <summary>Notes which entry took note of a grant.</summary>
    public void InsertGrant(int number, long position) => _sql.InsertGrant.Bind(0, number).Bind(1, position).Run();

    public void Save(UplinkPosition position)
    {
        SqliteStatement save = _sql.SaveUplink.Bind(0, position.Checkpoint).Bind(1, position.SafePosition);
        if (position.Statement is { } statement)
        {
            save.Bind(2, statement.Root.Span).Bind(3, statement.Signature.ToArray()).Bind(4, statement.Leaf.Span)
                .Bind(5, statement.LeafNumber).Bind(6, statement.Path.Span);
        }
        else
        {
            save.BindNull(2).BindNull(3).BindNull(4).BindNull(5).BindNull(6);
        }

        save.Bind(7, position.Stopped).Run();
    }

    public void Insert(Verdict verdict, SignedVerdict statement)
    {
        _sql.InsertVerdict.Bind(0, verdict.Number).Bind(1, verdict.Position).Bind(2, (long)verdict.Outcome)
            .Bind(3, statement.Body.Span).Bind(4, statement.Signature.ToArray()).Run();
        if (verdict.Outcome == VerdictOutcomeKind.Rejected)
        {
            _sql.Park.Bind(0, verdict.Position).Bind(1, verdict.Number).Run();
        }
        else
        {
            _sql.Unpark.Bind(0, verdict.Position).Run();
        }
    }

    /// <summary>Replaces a signature; the body and its hash stay.</summary>
    public void Resign(long position, in EcdsaSignature signature)
    {
        Expect(_sql.Resign.Bind(0, signature.ToArray()).Bind(1, position).Run(), $"entry {position}");
        _sql.InsertResigned.Bind(0, position).Run();
    }

    /// <summary>Closes after a failed write, without writing or flushing anything.</summary>
    public void Abandon() => _file.Abandon();

    public void Dispose() => _file.Dispose();

    private static long RangeRow(int range, bool isCodes) => (2L * range) + (isCodes ? 1 : 2);

    private void Expect(int changed, string what)
    {
        if (changed != 1)
        {
            throw new JournalCorruptException(Path, new(0, what, "the row as it was read", "another, or none"));
        }
    }
}
