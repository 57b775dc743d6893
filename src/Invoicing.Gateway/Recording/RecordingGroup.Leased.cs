using Invoicing.Gateway.Journal;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Gateway.Recording;

/// <content>Records whose code and number a register printed from its lease: entered with exactly these, or with a code conflict.</content>
internal sealed partial class RecordingGroup
{
    private RecordResult EnterLeased(PreparedRecord record, LineState line, LeasedInvoice leased)
    {
        if (ReadLeased(leased) is not { } printed)
        {
            return EnterCodeConflict(
                record, line, $"expected an authority code, a series and a number on the receipt, found {Name(leased)}");
        }

        if (FindLease(line.Key, leased.Lease) is not { } lease)
        {
            return EnterForeign(record, line, leased, printed);
        }

        if (LeaseFault(lease, printed, record.ClosedAt, out int place) is { } fault)
        {
            return EnterCodeConflict(record, line, fault);
        }

        // A record of a newer lease says that no later one bears an older.
        EndOlder(line.Key, leased.Lease, record.Key.Key.Sequence);
        Use(FindLease(line.Key, leased.Lease)!, place);
        RecordResult result = record.Entry switch
        {
            IntendedEntry.Invoice invoice => EnterLeasedInvoice(record, line, invoice, printed),
            IntendedEntry.Return goods => EnterReturn(record, line, goods, printed),
            IntendedEntry.Hole hole => EnterHole(record, line, hole, printed),
            _ => throw new InvalidOperationException($"expected a receipt, found {record.Entry}"),
        };
        return result;
    }

    private RecordResult EnterLeasedInvoice(PreparedRecord record, LineState line, IntendedEntry.Invoice intended, in LeasedIdentity printed)
    {
        if (intended.Draft.Lease is null || !ReferenceEquals(intended.Catalogue, Catalogue))
        {
            switch (_preparation.RedraftLeased(intended, record, Catalogue, _recordedAt))
            {
                case IntendedEntry.Invoice again:
                    intended = again;
                    break;
                case IntendedEntry.Hole hole:
                    return EnterHole(record, line, hole, printed);
            }
        }

        // The closing time lies in the lease's year; only a register's clock ahead of ours at New Year's midnight gives another day.
        return intended.Draft.IssuedOn.Year % 100 == printed.Identity.Code.Year
            ? EnterNumbered(record, line, intended, printed.Identity, _ranges, printed)
            : EnterHole(record, line, new(RecordPreparation.CodeConflict, $"expected a date of issue in 20{printed.Identity.Code.Year:00}, found {intended.Draft.IssuedOn:yyyy-MM-dd}", intended.Draft.Sale.Total), printed);
    }

    /// <summary>A lease that this chain did not grant to this line: of the device before, if the line was taken over; else nobody's.</summary>
    private RecordResult EnterForeign(PreparedRecord record, LineState line, LeasedInvoice leased, in LeasedIdentity printed)
    {
        bool isTakenOver = record.Key.IsRecovered || line.BaseSequence > 0 || _stored().HasRecoveredOf(line.Id);
        string? fault = !isTakenOver || _stored().HasLease(leased.Lease)
            ? $"expected a lease that this register may print from, found {Name(leased)}"
            : RecoveredFault(printed.Identity);
        if (fault is not null || record.Entry is not IntendedEntry.Invoice invoice)
        {
            return fault is null ? EnterUnled(record, line) : EnterCodeConflict(record, line, fault);
        }

        PreparedRecord recovered = record with { Key = record.Key with { IsRecovered = true }, Leased = null };
        return _preparation.RedraftRecovered(invoice, recovered, leased.Printed, Catalogue, _recordedAt) switch
        {
            IntendedEntry.Invoice again => EnterInvoice(recovered, line, again),
            IntendedEntry.Hole hole => EnterHole(recovered, line, hole),
            IntendedEntry other => throw new InvalidOperationException($"expected an invoice or a hole of {record.Key.Key}, found {other}"),
        };
    }

    /// <summary>What came with the code of another device and is no invoice: held as it is, with the code in its bytes.</summary>
    private RecordResult EnterUnled(PreparedRecord record, LineState line) => record.Entry switch
    {
        IntendedEntry.Hole hole => EnterHole(record, line, hole),
        IntendedEntry.Return goods => EnterEvent(record, line, new(goods.Type, goods.Fault ?? $"a return with the code {Name(record.Leased!)} of the device before: enter it by hand")),
        IntendedEntry other => throw new InvalidOperationException($"expected a receipt, found {other}"),
    };

    private RecordResult EnterCodeConflict(PreparedRecord record, LineState line, string text) => record.Entry is IntendedEntry.Return goods
        ? EnterEvent(record, line, new(goods.Type, text), isCodeConflict: true)
        : EnterHole(record, line, new(RecordPreparation.CodeConflict, text, TotalOf(record.Entry)), isCodeConflict: true);

    private static Amounts.Money? TotalOf(IntendedEntry entry) => entry switch
    {
        IntendedEntry.Invoice invoice => invoice.Draft.Sale.Total,
        IntendedEntry.Hole hole => hole.Total,
        _ => null,
    };

    /// <summary>Why a receipt's code is not its own; <see langword="null"/> if it is.</summary>
    private string? LeaseFault(LeaseState lease, in LeasedIdentity printed, DateTimeOffset? closedAt, out int place)
    {
        place = lease.Lease.PlaceOf(printed.Identity) ?? -1;
        string found = $"found {printed.Identity.Code}, {printed.Identity.Series} {printed.Identity.Number}";
        return place < 0 || printed.Identity.Code.Kind != _before.Enrolment.Kind
                ? $"expected a pair of lease {lease.Lease.Id} (kind {(int)_before.Enrolment.Kind}, {lease.Lease.Codes}, {lease.Lease.Numbers}), {found}"
            : place < lease.Next ? $"expected a code of lease {lease.Lease.Id} that is not used, the next is {lease.Lease.Codes.First + lease.Next}, {found}"
            : closedAt is not { } closed ? $"expected a closing time within lease {lease.Lease.Id}, found none"
            : closed > lease.Lease.Until || closed < lease.GrantedAt - LeaseTerms.SlowClock || VietnamTime.DateOf(closed).Year % 100 != lease.Lease.Year
                ? $"expected a closing time up to {Show(lease.Lease.Until)} and not before {Show(lease.GrantedAt)}, as lease {lease.Lease.Id} says, found {Show(closed)}"
            : null;
    }

    private static string Show(DateTimeOffset time) =>
        time.ToOffset(VietnamTime.Offset).ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);

    private static string Name(LeasedInvoice leased) =>
        $"lease {leased.Lease} with code {leased.Printed.Code}, {leased.Printed.Series} {leased.Printed.Number}";

    private static LeasedIdentity? ReadLeased(LeasedInvoice leased) =>
        leased.Lease > 0 && AuthorityCode.TryParse(leased.Printed.Code, out AuthorityCode code)
        && InvoiceSeries.TryParse(leased.Printed.Series, out InvoiceSeries series) && leased.Printed.Number is >= 1 and <= NumberRange.MaxNumber
            ? new LeasedIdentity(leased.Lease, new(code, series, leased.Printed.Number))
            : null;
}
