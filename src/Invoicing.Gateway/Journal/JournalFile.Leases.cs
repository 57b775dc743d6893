using Invoicing.Chain;
using Invoicing.Invoices;
using Invoicing.Sqlite;

namespace Invoicing.Gateway.Journal;

/// <content>Leases and what bears their codes.</content>
internal sealed partial class JournalFile
{
    /// <summary>Writes a new lease.</summary>
    public void Insert(LeaseState lease, long line) => _sql.InsertLease.Bind(0, (long)lease.Lease.Id).Bind(1, line)
        .Bind(2, lease.Lease.Codes.Block).Bind(3, lease.Lease.Codes.First).Bind(4, lease.Lease.Codes.Last)
        .Bind(5, lease.Lease.Numbers.Series.ToString()).Bind(6, lease.Lease.Numbers.First)
        .Bind(7, lease.Lease.Until.ToUnixTimeMilliseconds()).Bind(8, lease.GrantedAt.ToUnixTimeMilliseconds()).Bind(9, lease.Position).Run();

    /// <summary>Writes how far a lease is used, and whether it is over.</summary>
    public void Save(LeaseState lease, bool isClosed)
    {
        SqliteStatement save = _sql.SaveLease.Bind(0, lease.Next).Bind(1, lease.IsTaken ? 1 : 0);
        save = lease.EndsAfter is { } last ? save.Bind(2, (long)last) : save.BindNull(2);
        Expect(save.Bind(3, isClosed ? 1 : 0).Bind(4, (long)lease.Lease.Id).Run(), $"lease {lease.Lease.Id}");
    }

    /// <summary>Notes which entry bears a lease's code.</summary>
    public void InsertLeased(ulong lease, int place, long position) =>
        _sql.InsertLeased.Bind(0, (long)lease).Bind(1, place).Bind(2, position).Run();

    /// <summary>Notes which entry bears a leased code, whether or not its lease is over.</summary>
    public void InsertLeased(ulong lease, AuthorityCode code, long position) =>
        Expect(_sql.InsertLeasedCode.Bind(0, (long)lease).Bind(1, code.Digits).Bind(2, position).Run(), $"lease {lease}");

    /// <summary>Whether this chain granted a lease of that id, to whomever.</summary>
    public bool HasLease(ulong lease) => lease <= long.MaxValue && Any(_sql.FindLease.Bind(0, (long)lease));

    /// <summary>Whether a line's records were in part recorded by another device: some of them came with its codes.</summary>
    public bool HasRecoveredOf(long line) => Any(_sql.FindRecoveredOf.Bind(0, line));

    /// <summary>The entry that bears a leased code.</summary>
    /// <returns>Whether a lease holds the code; and its entry, if there is one.</returns>
    private (bool IsLeased, SignedEntry? Entry) FindLeased(AuthorityCode code)
    {
        SqliteStatement find = _sql.FindLeasedCode.Bind(0, code.Block).Bind(1, code.Digits);
        bool isLeased = find.Step();
        long position = isLeased && !find.IsNull(0) ? find.Number(0) : 0;
        find.Reset();
        SignedEntry? entry = position == 0 ? null : ReadEntry(position);
        return (isLeased, entry is not null && CodeOf(entry) == code ? entry : null);
    }
}
