using Invoicing.Invoices;

namespace Invoicing.Gateway.Journal;

/// <summary>A lease of which something may still be used.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="GrantedAt">When it was entered.</param>
/// <param name="Position">Its entry.</param>
/// <param name="Next">Receipts of it that are accounted for: by an invoice, a hole, or as burned. The next one to come is this, from 0.</param>
/// <param name="IsTaken">Whether the register took it; not while its answer is awaited.</param>
/// <param name="EndsAfter">No record after this sequence can bear it; <see langword="null"/> while new ones can.</param>
internal sealed record LeaseState(
    RegisterLease Lease, DateTimeOffset GrantedAt, long Position, int Next = 0, bool IsTaken = false, ulong? EndsAfter = null)
{
    public LineKey Line => new(Lease.Register, Lease.Epoch);

    /// <summary>Receipts that are not accounted for.</summary>
    public int Left => Lease.Count - Next;
}
