using System.Collections.Immutable;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Sqlite;

namespace Invoicing.Gateway.Journal;

/// <summary>Reads leases that are not over, and finds the rows of those that are.</summary>
internal static class JournalLeases
{
    /// <summary>Leases that are not over, by line, and the highest id of all.</summary>
    /// <exception cref="JournalCorruptException">A row states no lease.</exception>
    public static (ImmutableDictionary<LineKey, ImmutableArray<LeaseState>> Open, ulong Last) Read(SqliteFile file)
    {
        var open = new Dictionary<LineKey, List<LeaseState>>();
        if (file.Scalar("SELECT count(*) FROM sqlite_schema WHERE name = 'lease'") == 0)
        {
            return (ImmutableDictionary<LineKey, ImmutableArray<LeaseState>>.Empty, 0); // read-only, of a gateway that had none
        }

        using SqliteStatement read = file.Statement("""
            SELECT e.id, l.register, l.epoch, e.block, e.first_code, e.last_code, e.series, e.first_number, e.until, e.granted_at, e.position,
              e.next, e.taken, e.ends_after
            FROM lease e JOIN line l ON l.id = e.line WHERE e.closed = 0 ORDER BY e.id
            """);
        while (read.Step())
        {
            LeaseState lease = ReadRow(file, read);
            if (!open.TryGetValue(lease.Line, out List<LeaseState>? leases))
            {
                open.Add(lease.Line, leases = []);
            }

            leases.Add(lease);
        }

        return (
            open.ToImmutableDictionary(line => line.Key, line => line.Value.ToImmutableArray()),
            (ulong)file.Scalar("SELECT coalesce(max(id), 0) FROM lease"));
    }

    private static LeaseState ReadRow(SqliteFile file, SqliteStatement row)
    {
        try
        {
            int count = (int)(row.Number(5) - row.Number(4) + 1);
            int first = (int)row.Number(7);
            return new(
                new(
                    (ulong)row.Number(0), new RegisterId(row.Text(1)), unchecked((ulong)row.Number(2)),
                    new(row.Text(3), row.Number(4), row.Number(5)), new(InvoiceSeries.Parse(row.Text(6)), first, first + count - 1),
                    DateTimeOffset.FromUnixTimeMilliseconds(row.Number(8))),
                DateTimeOffset.FromUnixTimeMilliseconds(row.Number(9)), row.Number(10), (int)row.Number(11), row.Number(12) != 0,
                row.IsNull(13) ? null : (ulong)row.Number(13));
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or OverflowException)
        {
            throw new JournalCorruptException(file.Path, new(0, $"lease {row.Number(0)}", "codes and numbers of a lease", fault.Message), fault);
        }
    }
}
