using System.Collections.Immutable;
using Invoicing.Gateway.Journal;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Gateway.Recording;

/// <summary>When a register is due a lease, and how long it lasts. Pure.</summary>
internal static class LeaseTerms
{
    /// <summary>
    /// Most leases of a line that are not over: an older one ends as soon as the records before the newer one are here, so more than a few
    /// means a register that takes leases and sends nothing.
    /// </summary>
    public const int MostOpen = 4;

    /// <summary>How far before its lease a receipt may be closed, by a register's clock that is slow and was never set.</summary>
    public static readonly TimeSpan SlowClock = TimeSpan.FromDays(1);

    /// <summary>A receipt stands in its register's journal within so long after its closing time: no hello says less than the truth by more.</summary>
    public static readonly TimeSpan Closing = TimeSpan.FromMinutes(1);

    /// <summary>Whether a register whose clock shows this will print no more from a lease.</summary>
    public static bool IsOver(LeaseState lease, DateTimeOffset? clock) => lease.EndsAfter is null && lease.Lease.Until + Closing < clock;

    /// <summary>The last moment of the day so many days after today, in GMT+7, but never after the year: codes bear the year.</summary>
    public static DateTimeOffset Until(DateTimeOffset now, int days)
    {
        DateOnly today = VietnamTime.DateOf(now);
        DateOnly last = today.AddDays(days);
        last = last.Year == today.Year ? last : new(today.Year, 12, 31);
        return new DateTimeOffset(last.AddDays(1).ToDateTime(TimeOnly.MinValue), VietnamTime.Offset).AddMilliseconds(-1);
    }

    /// <summary>What a line is due.</summary>
    /// <param name="open">Its leases that are not over, the oldest first.</param>
    /// <param name="now">Our clock.</param>
    /// <param name="until">Until when a new lease would last.</param>
    /// <returns>A lease to be offered again; or whether a new one is due.</returns>
    public static (LeaseState? Again, bool IsNewDue) Due(ImmutableArray<LeaseState> open, DateTimeOffset now, DateTimeOffset until)
    {
        if (open is not [.., { } newest])
        {
            return (null, true);
        }

        if (newest is { IsTaken: false, EndsAfter: null } && newest.Lease.Until > now)
        {
            return (newest, false);
        }

        bool isHalfUsed = newest.Next * 2 >= newest.Lease.Count;
        bool isAlmostOver = (newest.Lease.Until - now) * 4 <= newest.Lease.Until - newest.GrantedAt && until > newest.Lease.Until;
        return (null, (isHalfUsed || isAlmostOver || newest.EndsAfter is not null) && open.Length < MostOpen);
    }

    /// <summary>A lease as it goes over the line.</summary>
    /// <param name="state">The lease.</param>
    /// <param name="kind">Kind of invoice that the device issues.</param>
    public static LeaseOffer Offer(LeaseState state, Invoices.InvoiceKind kind) => new(
        state.Lease.Id, (int)kind, state.Lease.Codes.Block, state.Lease.Year, state.Lease.Codes.First, state.Lease.Codes.Last,
        state.Lease.Numbers.Series.ToString(), state.Lease.Numbers.First, state.Lease.Numbers.Last,
        state.Lease.Until.ToOffset(VietnamTime.Offset));
}
