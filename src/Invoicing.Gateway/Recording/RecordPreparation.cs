using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Hashing;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Gateway.Recording;

/// <summary>Does on the caller's thread what needs no turn at the journal: rules, draft, serialisation.</summary>
/// <param name="enrolment">Who sells, and which kind of invoice.</param>
/// <param name="time">Clock.</param>
/// <param name="clocks">How far registers' clocks are from ours.</param>
internal sealed class RecordPreparation(EnrolmentGrant enrolment, TimeProvider time, RegisterClocks clocks)
{
    /// <summary>Rule of a sale whose record its driver could not read.</summary>
    public const string Unreadable = "GW-UNREADABLE-1";

    /// <summary>Rule of a sale that does not fit an entry's body.</summary>
    public const string TooLarge = "GW-SIZE-1";

    /// <summary>Rule of a recovered sale whose code or number cannot be its own.</summary>
    public const string RecoveredIdentity = "GW-RECOVERED-1";

    /// <summary>Rule of a correction whose invoice is not in this journal.</summary>
    public const string NotHere = "GW-CORRECT-1";

    /// <summary>Prepares a sale of a caller that has no record bytes of its own.</summary>
    public PreparedRecord Prepare(Sale sale)
    {
        byte[] content = SaleContent.Of(sale);
        var key = new RegisterRecordKey(sale.Key, sale.RecordHash ?? Sha256Hash.Of(content), IsRecovered: false);
        return Prepare(key, Judge(sale, key, recovered: null), content);
    }

    /// <summary>Prepares a register's record.</summary>
    public PreparedRecord Prepare(RegisterRecord record)
    {
        var key = new RegisterRecordKey(record.Key, record.Hash, record.IsRecovered);
        if (record.Kind == RecordKind.ClockChange)
        {
            clocks.Compare(LineKey.Of(record.Key), clock: null);
        }

        return Prepare(key, Intend(record, key), record.Bytes);
    }

    /// <summary>Drafts anew: the day changed between the caller's clock and the group's.</summary>
    public IntendedEntry Redraft(IntendedEntry.Invoice invoice, in RegisterRecordKey key, long recordedAt) =>
        Draft(invoice.Draft.Sale, key, recovered: null, DateTimeOffset.FromUnixTimeMilliseconds(recordedAt));

    /// <summary>Drafts the invoice of a correction.</summary>
    /// <param name="sale">What the new invoice states.</param>
    /// <param name="recordedAt">Now.</param>
    /// <param name="isAdjustment">Whether it states differences.</param>
    /// <param name="ratedOn">Day by whose rates a replacement is judged: that of the invoice that it puts right.</param>
    public DraftResult Draft(Sale sale, DateTimeOffset recordedAt, bool isAdjustment, DateOnly? ratedOn = null) =>
        InvoiceDrafting.Draft(sale, enrolment.Seller, enrolment.Kind, recordedAt, isAdjustment: isAdjustment, ratedOn: ratedOn);

    private static PreparedRecord Prepare(in RegisterRecordKey key, IntendedEntry entry, ReadOnlyMemory<byte> bytes) =>
        new(key, entry, bytes, entry is IntendedEntry.Invoice ? null : EntryAttachment.OfRecord(bytes));

    private IntendedEntry Intend(RegisterRecord record, in RegisterRecordKey key) => record.Kind switch
    {
        RecordKind.Sale when record.Sale is { } sale => Judge(sale, key, record.Recovered),
        RecordKind.Sale => new IntendedEntry.Hole(Unreadable, record.Unreadable ?? "expected a sale, found none", Total: null),
        RecordKind.Void => new IntendedEntry.Return(RegisterEventType.Void, record.Reference, Goods: null, record.Remark, record.Unreadable),
        RecordKind.Refund => new IntendedEntry.Return(RegisterEventType.Refund, record.Reference, record.Sale, record.Remark, record.Unreadable),
        RecordKind.DayClose => new IntendedEntry.Close(VietnamTime.DateOf(record.At ?? time.GetUtcNow()), record.Stated),
        RecordKind.PowerLoss => new IntendedEntry.Event(RegisterEventType.PowerLoss, HeldReason: null),
        RecordKind.ClockChange => new IntendedEntry.Event(RegisterEventType.ClockChange, HeldReason: null),
        RecordKind.PriceListChange => new IntendedEntry.Event(RegisterEventType.PriceListChange, HeldReason: null),
        RecordKind.NoSale => new IntendedEntry.Event(RegisterEventType.NoSale, HeldReason: null),
        _ => throw new ArgumentOutOfRangeException(nameof(record), record.Kind, "expected a kind of record that is known"),
    };

    private IntendedEntry Judge(Sale sale, in RegisterRecordKey key, PrintedInvoice? recovered) =>
        Draft(sale, key, recovered, time.GetUtcNow());

    private IntendedEntry Draft(Sale sale, in RegisterRecordKey key, PrintedInvoice? recovered, DateTimeOffset now)
    {
        TimeSpan? difference = clocks.Difference(LineKey.Of(sale.Key));
        return InvoiceDrafting.Draft(sale, enrolment.Seller, enrolment.Kind, now, difference, recovered) switch
        {
            DraftResult.Drafted drafted =>
                new IntendedEntry.Invoice(drafted.Draft, InvoiceContents.Unnumbered(drafted.Draft, key.Hash, [])),
            DraftResult.Faulty faulty =>
                new IntendedEntry.Hole(faulty.Faults[0].RuleId, string.Join("; ", faulty.Faults), sale.Total),
            DraftResult other => throw new InvalidOperationException($"expected a draft or its faults, found {other}"),
        };
    }
}
