using System.Collections.Immutable;
using Invoicing.Hashing;
using Invoicing.Sales;
using Invoicing.Sqlite;

namespace Invoicing.Gateway.Captures;

/// <summary>Pieces as they are read from the file.</summary>
internal static class CaptureRows
{
    /// <summary>A piece without its bytes, in the order in which <see cref="Read"/> expects it.</summary>
    public const string Columns = "SELECT number, at, whole, class, text, receipt_key, sequence, first_seen, length FROM piece";

    /// <summary>The same with its hash and bytes.</summary>
    public const string ColumnsWithBytes = "SELECT number, at, whole, class, text, receipt_key, sequence, first_seen, length, hash, bytes FROM piece";

    /// <summary>Bytes after which a page of pieces ends: four of the longest. A page has at least one piece.</summary>
    private const int MaxPageBytes = 4 * ICaptureBook.MaxLength;

    /// <summary>The row that the statement stands on, without its bytes.</summary>
    public static KeptCapture Read(SqliteStatement row) => new(
        row.Number(0), DateTimeOffset.FromUnixTimeMilliseconds(row.Number(1)), row.Number(2) == 1, (CaptureClass)row.Number(3), row.Text(4))
    {
        ReceiptKey = row.IsNull(5) ? null : row.Text(5),
        RecordSequence = row.IsNull(6) ? null : (ulong)row.Number(6),
        FirstSeen = row.IsNull(7) ? null : row.Number(7),
        Length = (int)row.Number(8),
    };

    /// <summary>All rows, without their bytes.</summary>
    public static ImmutableArray<KeptCapture> ReadAll(SqliteStatement rows)
    {
        ImmutableArray<KeptCapture>.Builder pieces = ImmutableArray.CreateBuilder<KeptCapture>();
        while (rows.Step())
        {
            pieces.Add(Read(rows));
        }

        return pieces.ToImmutable();
    }

    /// <summary>Rows with their bytes, until the page is full.</summary>
    /// <exception cref="InvoicingException">A piece is not what was kept.</exception>
    public static ImmutableArray<KeptCapture> ReadPage(SqliteFile file, SqliteStatement rows)
    {
        ImmutableArray<KeptCapture>.Builder pieces = ImmutableArray.CreateBuilder<KeptCapture>();
        long bytes = 0;
        while (bytes < MaxPageBytes && rows.Step())
        {
            KeptCapture piece = Read(rows) with { Bytes = rows.Blob(10).ToArray() };
            bytes += piece.Bytes.Length;
            pieces.Add(Sha256Hash.Of(piece.Bytes.Span) == new Sha256Hash(rows.Blob(9))
                ? piece
                : throw new InvoicingException(
                    $"{file.Path}: piece {piece.Number}: expected bytes with hash {new Sha256Hash(rows.Blob(9))}, found {Sha256Hash.Of(piece.Bytes.Span)}; the file is damaged: move it away and start the process again"));
        }

        return pieces.ToImmutable();
    }
}
