using System.Collections.Immutable;
using System.Globalization;
using Invoicing.Hashing;
using Invoicing.Sqlite;

namespace Invoicing.Gateway.Captures;

/// <summary>Checks a file of captures: everything that was given out is there, or was deleted by retention and counted.</summary>
internal static class CaptureAudit
{
    /// <summary>Most faults that are named: more of them have the same cause.</summary>
    public const int MaxFaults = 100;

    /// <summary>What must be 0 for each book: what is compared, what was counted, what is there.</summary>
    private static readonly (string What, string Counted, string Found)[] Counts =
    [
        ("pieces with those that were deleted", "last_number", "deleted + (SELECT count(*) FROM piece WHERE book = b.id)"),
        ("newest piece", "max(last_number, (SELECT coalesce(max(number), 0) FROM piece WHERE book = b.id))", "last_number"),
        (
            "records with those that were deleted",
            "last_sequence",
            "deleted_records + (SELECT count(*) FROM piece WHERE book = b.id AND sequence IS NOT NULL)"),
        ("newest record", "max(last_sequence, (SELECT coalesce(max(sequence), 0) FROM piece WHERE book = b.id))", "last_sequence"),
        ("bytes", "kept_bytes", "(SELECT coalesce(sum(length), 0) FROM piece WHERE book = b.id)"),
        (
            "pieces whose receipt is noted",
            "(SELECT count(*) FROM piece WHERE book = b.id AND receipt_key IS NOT NULL)",
            "(SELECT count(*) FROM piece p JOIN receipt r ON r.book = p.book AND r.key = p.receipt_key AND r.number = p.number WHERE p.book = b.id)"),
        (
            "receipts whose piece has another key", // a piece whose receipt was claimed later has none of its own
            "0",
            "(SELECT count(*) FROM receipt r JOIN piece p ON p.book = r.book AND p.number = r.number"
            + " WHERE r.book = b.id AND (p.receipt_key <> r.key OR (p.receipt_key IS NULL AND p.sequence IS NULL)))"),
    ];

    /// <summary>Checks a file; nothing is wrong with one that is not there.</summary>
    public static ImmutableArray<string> Run(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        List<string> faults = [];
        try
        {
            using var file = SqliteFile.OpenReader(path);
            CaptureFile.RequireFormat(file);
            file.Execute("BEGIN"); // one moment of the file for all questions, while it is written
            CheckDatabase(file, faults);
            CheckCounts(file, faults);
            CheckPieces(file, faults);
        }
        catch (SqliteException fault)
        {
            faults.Add(CaptureFile.DamageText(path, fault));
        }
        catch (InvoicingException fault)
        {
            faults.Add(fault.Message);
        }

        return [.. faults.Take(MaxFaults)];
    }

    private static void CheckDatabase(SqliteFile file, List<string> faults)
    {
        using SqliteStatement check = file.Statement(string.Create(CultureInfo.InvariantCulture, $"PRAGMA integrity_check({MaxFaults})"));
        while (check.Step())
        {
            if (check.Text(0) != "ok")
            {
                faults.Add($"{file.Path}: expected a sound database, found {check.Text(0)}");
            }
        }
    }

    private static void CheckCounts(SqliteFile file, List<string> faults)
    {
        foreach ((string what, string counted, string found) in Counts)
        {
#pragma warning disable CA2100 // The parts are constants of this file.
            using SqliteStatement books = file.Statement($"SELECT register, {counted}, {found} FROM book b");
#pragma warning restore CA2100
            while (books.Step())
            {
                if (books.Number(1) != books.Number(2))
                {
                    faults.Add(string.Create(
                        CultureInfo.InvariantCulture, $"{file.Path}: book {books.Text(0)}, {what}: expected {books.Number(1)}, found {books.Number(2)}"));
                }
            }
        }
    }

    private static void CheckPieces(SqliteFile file, List<string> faults)
    {
        using SqliteStatement pieces = file.Statement(
            "SELECT b.register, p.number, p.length, p.hash, p.bytes FROM piece p JOIN book b ON b.id = p.book ORDER BY p.book, p.number");
        while (faults.Count < MaxFaults && pieces.Step())
        {
            ReadOnlySpan<byte> bytes = pieces.Blob(4);
            Sha256Hash expected = new(pieces.Blob(3));
            var found = Sha256Hash.Of(bytes);
            if (bytes.Length != pieces.Number(2) || expected != found)
            {
                faults.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{file.Path}: book {pieces.Text(0)}, piece {pieces.Number(1)}: expected {pieces.Number(2)} bytes with hash {expected}, found {bytes.Length} with {found}"));
            }
        }
    }
}
