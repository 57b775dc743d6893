using System.Collections.Immutable;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Sqlite;

namespace Invoicing.Gateway.Journal;

/// <summary>Reads where a journal stands. Verifies nothing beyond what it needs to read: that is <see cref="JournalTail"/>'s part.</summary>
internal static class JournalLoader
{
    public const string EnrolmentName = "enrolment";

    /// <summary>Reads the state.</summary>
    /// <exception cref="JournalCorruptException">A row that must be there is not, or cannot be read.</exception>
    public static JournalState Load(SqliteFile file)
    {
        EnrolmentGrant enrolment = ReadEnrolment(file);
        SignedEntry head = ReadEntry(file, "SELECT position, kind, hash, signature, body FROM entry ORDER BY position DESC LIMIT 1", 1);
        if (EntryFields.Read(head.Body.Span, out EntryFields fields) is { } fault)
        {
            throw Damaged(file, head.Position, "body", fault, "other bytes");
        }

        UplinkPosition uplink = ReadUplink(file);
        (ImmutableDictionary<LineKey, ImmutableArray<LeaseState>> leases, ulong lastLease) = JournalLeases.Read(file);
        return new()
        {
            Enrolment = enrolment,
            Head = new(fields.Chain, head.Position, head.Hash, fields.RecordedAt),
            PublicKey = ReadKey(file, head.Position),
            Keys = JournalKeys.Read(file),
            IsSealed = head.Kind == EntryKind.Seal,
            Ranges = ReadRanges(file),
            Grants = file.Scalar("SELECT count(*) FROM sqlite_schema WHERE name = 'range_grant'") == 0
                ? 0
                : (int)file.Scalar("SELECT coalesce(max(number), 0) FROM range_grant"),
            Lines = ReadLines(file),
            Leases = leases,
            LastLease = lastLease,
            StatedNew = ReadStatedNew(file),
            Uplink = uplink,
            Anchor = ReadAnchor(file, enrolment, uplink),
            VerdictCursor = file.Scalar("SELECT coalesce(max(number), 0) FROM verdict"),
            Held = file.Scalar("SELECT count(*) FROM held"),
            Conflicts = file.Scalar("SELECT count(*) FROM conflict"),
            Parked = file.Scalar("SELECT count(*) FROM parked"),
        };
    }

    public static EnrolmentGrant ReadEnrolment(SqliteFile file)
    {
        using SqliteStatement read = file.Statement("SELECT value FROM meta WHERE name = ?");
        read.Bind(0, EnrolmentName);
        return read.Step()
            ? EnrolmentGrant.Read(read.Blob(0).ToArray())
            : throw Damaged(file, 0, "enrolment", "the record that the chain starts on", "none");
    }

    /// <summary>The key in force after an entry, from the last opening or key change up to it.</summary>
    public static ReadOnlyMemory<byte> ReadKey(SqliteFile file, long position)
    {
        SignedEntry entry = ReadEntry(
            file,
            "SELECT position, kind, hash, signature, body FROM entry WHERE kind IN (16, 26) AND position <= ? ORDER BY position DESC LIMIT 1",
            position);
        return KeyEntries.PublicKeyOf(entry) is { Length: > 0 } key
            ? key
            : throw Damaged(file, entry.Position, "public key", "a key in an opening or key change", "none");
    }

    public static RangeAllocation ReadRanges(SqliteFile file)
    {
        var codes = new List<CodeCursor>();
        var numbers = new List<NumberCursor>();
        using SqliteStatement read = file.Statement("SELECT sort, label, first, last, next FROM granted ORDER BY id");
        try
        {
            while (read.Step())
            {
                if (read.Number(0) == 1)
                {
                    codes.Add(new(new(read.Text(1), read.Number(2), read.Number(3)), read.Number(4)));
                }
                else
                {
                    numbers.Add(new(new(InvoiceSeries.Parse(read.Text(1)), (int)read.Number(2), (int)read.Number(3)), (int)read.Number(4)));
                }
            }

            return RangeAllocation.Restore(codes, numbers);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or OverflowException)
        {
            throw new JournalCorruptException(file.Path, new(0, "ranges", "granted ranges that do not overlap", fault.Message), fault);
        }
    }

    public static ImmutableDictionary<LineKey, LineState> ReadLines(SqliteFile file)
    {
        ImmutableDictionary<LineKey, LineState>.Builder lines = ImmutableDictionary.CreateBuilder<LineKey, LineState>();
        using SqliteStatement read = file.Statement(
            """
            SELECT id, register, epoch, base_sequence, base_hash, lost_through, stopped, retired,
              max(lost_through, coalesce((SELECT max(sequence) FROM register_record WHERE line = line.id), 0))
            FROM line
            """);
        while (read.Step())
        {
            if (!RegisterId.IsValid(read.Text(1)))
            {
                throw Damaged(file, 0, "line", "a register's serial", read.Text(1));
            }

            var line = new LineState(
                read.Number(0), new(read.Text(1)), unchecked((ulong)read.Number(2)), (ulong)read.Number(3),
                read.IsNull(4) ? null : new Sha256Hash(read.Blob(4)), (ulong)read.Number(8), (ulong)read.Number(5),
                read.IsNull(6) ? null : read.Text(6),
                read.Number(7) != 0);
            lines.Add(line.Key, line);
        }

        return lines.ToImmutable();
    }

    public static UplinkPosition ReadUplink(SqliteFile file)
    {
        using SqliteStatement read = file.Statement(
            "SELECT checkpoint, safe_position, root, signature, leaf, leaf_number, path, stopped FROM uplink");
        if (!read.Step())
        {
            throw Damaged(file, 0, "uplink", "one row", "none");
        }

        SignedWatermark? statement = read.IsNull(2)
            ? null
            : new(read.Blob(2).ToArray(), new(read.Blob(3)), read.Blob(4).ToArray(), (int)read.Number(5), read.Blob(6).ToArray());
        return new(read.Number(0), read.Number(1), statement, read.IsNull(7) ? null : read.Text(7));
    }

    public static JournalCorruptException Damaged(SqliteFile file, long position, string what, string expected, string found) =>
        new(file.Path, new(position, what, expected, found));

    private static Anchor? ReadAnchor(SqliteFile file, EnrolmentGrant enrolment, UplinkPosition uplink)
    {
        if (uplink.Statement is not { } statement)
        {
            return null;
        }

        using AuthorityKeys keys = new(enrolment);
        return keys.Watermarks.Verify(statement, out Watermark? watermark) is { } fault
            ? throw Damaged(file, uplink.Checkpoint, "watermark", "one that the authority signed", fault)
            : watermark!.Anchor;
    }

    private static ImmutableHashSet<RegisterId> ReadStatedNew(SqliteFile file)
    {
        ImmutableHashSet<RegisterId>.Builder registers = ImmutableHashSet.CreateBuilder<RegisterId>();
        using SqliteStatement read = file.Statement("SELECT register FROM stated_new");
        while (read.Step())
        {
            registers.Add(new(read.Text(0)));
        }

        return registers.ToImmutable();
    }

    private static SignedEntry ReadEntry(SqliteFile file, string sql, long argument)
    {
        using SqliteStatement read = file.Statement(sql);
        if (sql.Contains('?', StringComparison.Ordinal))
        {
            read.Bind(0, argument);
        }

        return read.Step() ? JournalRows.Entry(read) : throw Damaged(file, argument, "entry", "one", "none");
    }
}
