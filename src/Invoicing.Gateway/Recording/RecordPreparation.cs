using System.Collections.Immutable;
using Invoicing.Catalogues;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Gateway.Recording;

/// <summary>Does on the caller's thread what needs no turn at the journal: rules, draft, serialisation.</summary>
/// <param name="enrolment">Who sells, and which kind of invoice.</param>
/// <param name="time">Clock.</param>
/// <param name="catalogue">The shop's catalogue in force, as of the last commit.</param>
/// <param name="clocks">How far registers' clocks are from ours.</param>
internal sealed class RecordPreparation(EnrolmentGrant enrolment, TimeProvider time, Func<ShopCatalogue?> catalogue, RegisterClocks clocks)
{
    /// <summary>Rule of a sale whose record its driver could not read.</summary>
    public const string Unreadable = "GW-UNREADABLE-1";

    /// <summary>Rule of a sale that does not fit an entry's body.</summary>
    public const string TooLarge = "GW-SIZE-1";

    /// <summary>Rule of a recovered sale whose code or number cannot be its own.</summary>
    public const string RecoveredIdentity = "GW-RECOVERED-1";

    /// <summary>Rule of a receipt whose code or number is not of a lease that its register may print from, or is used.</summary>
    public const string CodeConflict = "GW-LEASE-1";

    /// <summary>Rule of a correction whose invoice is not in this journal.</summary>
    public const string NotHere = "GW-CORRECT-1";

    private const string BuyerPath = nameof(Sale.Buyer) + ".";

    /// <summary>Prepares a sale of a caller that has no record bytes of its own.</summary>
    public PreparedRecord Prepare(Sale sale)
    {
        byte[] content = SaleContent.Of(sale);
        var key = new RegisterRecordKey(sale.Key, sale.RecordHash ?? Sha256Hash.Of(content), IsRecovered: false);
        var buyer = EntryAttachment.OfBuyer(sale.Buyer);
        return Prepare(key, Judge(sale, key, recovered: null, buyer), content, buyer);
    }

    /// <summary>Prepares a register's record.</summary>
    public PreparedRecord Prepare(RegisterRecord record)
    {
        var key = new RegisterRecordKey(record.Key, record.Hash, record.IsRecovered);
        if (record.Kind == RecordKind.ClockChange)
        {
            clocks.Compare(LineKey.Of(record.Key), clock: null);
        }

        var buyer = EntryAttachment.OfBuyer(record.Sale?.Buyer);
        PreparedRecord prepared = Prepare(key, Intend(record, key, buyer), record.Bytes, buyer);
        return record.Leased is null ? prepared : prepared with { Leased = record.Leased, ClosedAt = record.Sale?.ClosedAt ?? record.At };
    }

    /// <summary>Drafts anew: the day or the catalogue changed between the caller's look and the group.</summary>
    /// <returns>The invoice; or a hole, where what counts now is another rate, or none.</returns>
    public IntendedEntry Redraft(IntendedEntry.Invoice invoice, PreparedRecord record, ShopCatalogue? inForce, long recordedAt) => Draft(
        invoice.Rung, inForce, record.Key, Printed(invoice.Draft.Recovered), record.Buyer,
        DateTimeOffset.FromUnixTimeMilliseconds(recordedAt));

    /// <summary>Drafts the invoice of a receipt whose code the register printed from its lease.</summary>
    public IntendedEntry RedraftLeased(IntendedEntry.Invoice invoice, PreparedRecord record, ShopCatalogue? inForce, long recordedAt) => Draft(
        invoice.Rung, inForce, record.Key, recovered: null, record.Buyer, DateTimeOffset.FromUnixTimeMilliseconds(recordedAt), record.Leased);

    /// <summary>Drafts the invoice of a receipt whose code a device before this one gave.</summary>
    public IntendedEntry RedraftRecovered(
        IntendedEntry.Invoice invoice, PreparedRecord record, PrintedInvoice printed, ShopCatalogue? inForce, long recordedAt) => Draft(
        invoice.Rung, inForce, record.Key, printed, record.Buyer, DateTimeOffset.FromUnixTimeMilliseconds(recordedAt));

    /// <summary>Drafts the invoice of a correction.</summary>
    /// <param name="sale">What the new invoice states.</param>
    /// <param name="recordedAt">Now.</param>
    /// <param name="isAdjustment">Whether it states differences.</param>
    /// <param name="ratedOn">Day by whose rates a replacement is judged: that of the invoice that it puts right.</param>
    public DraftResult Draft(Sale sale, DateTimeOffset recordedAt, bool isAdjustment, DateOnly? ratedOn = null) =>
        InvoiceDrafting.Draft(sale, enrolment.Seller, enrolment.Kind, recordedAt, isAdjustment: isAdjustment, ratedOn: ratedOn);

    /// <summary>Drafts the invoice of a sale that was held, by the catalogue that is in force now.</summary>
    public DraftResult DraftHeld(Sale sale, DateTimeOffset recordedAt) =>
        CatalogueDrafting.Draft(sale, catalogue(), enrolment.Seller, enrolment.Kind, recordedAt);

    /// <summary>What is wrong with goods that come back, before they are turned round.</summary>
    public ImmutableArray<RuleFault> JudgeGoods(Sale goods) => SaleReversal.Judge(goods, enrolment.Kind);

    /// <summary>Fills what the register left empty in goods that come back, as it was filled when they were sold.</summary>
    public Sale Complete(Sale goods, DateOnly day) =>
        CatalogueDrafting.Complete(goods, catalogue(), enrolment.Kind, day);

    private static PreparedRecord Prepare(
        in RegisterRecordKey key, IntendedEntry entry, ReadOnlyMemory<byte> bytes, EntryAttachment? buyer) =>
        new(key, entry, bytes, entry is IntendedEntry.Invoice ? null : EntryAttachment.OfRecord(bytes), buyer);

    private IntendedEntry Intend(RegisterRecord record, in RegisterRecordKey key, EntryAttachment? buyer) => record.Kind switch
    {
        RecordKind.Sale when record.Sale is { } sale => Judge(sale, key, record.Recovered, buyer, record.Leased),
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

    private static PrintedInvoice? Printed(InvoiceIdentity? held) =>
        held is { } identity ? new(identity.Code.ToString(), identity.Series.ToString(), identity.Number) : null;

    /// <summary>
    /// A fault as the chain may hold it: what was stated of a buyer is personal, stands beside the entry, and can be erased there.
    /// </summary>
    public static string Tell(RuleFault fault) => fault.Path.StartsWith(BuyerPath, StringComparison.Ordinal)
        ? $"{fault.RuleId} at {fault.Path}: expected {fault.Expected}, found another text, which stands beside the entry"
        : fault.ToString();

    private IntendedEntry Judge(
        Sale sale, in RegisterRecordKey key, PrintedInvoice? recovered, EntryAttachment? buyer, LeasedInvoice? leased = null) =>
        Draft(sale, catalogue(), key, recovered, buyer, time.GetUtcNow(), recovered is null ? leased : null);

    private IntendedEntry Draft(
        Sale sale, ShopCatalogue? inForce, in RegisterRecordKey key, PrintedInvoice? recovered, EntryAttachment? buyer, DateTimeOffset now,
        LeasedInvoice? leased = null)
    {
        // A receipt with a leased code bears its date on paper, and the lease bounds it: that date counts, however late the record comes.
        TimeSpan? difference = leased is null ? clocks.Difference(LineKey.Of(sale.Key)) : TimeSpan.Zero;
        return CatalogueDrafting.Draft(sale, inForce, enrolment.Seller, enrolment.Kind, now, difference, recovered) switch
        {
            DraftResult.Drafted drafted => Invoice(drafted.Draft with { Lease = leased?.Lease }, key, sale, inForce, buyer),
            DraftResult.Faulty faulty =>
                new IntendedEntry.Hole(faulty.Faults[0].RuleId, string.Join("; ", faulty.Faults.Select(Tell)), sale.Total),
            DraftResult other => throw new InvalidOperationException($"expected a draft or its faults, found {other}"),
        };
    }

    private static IntendedEntry.Invoice Invoice(
        InvoiceDraft draft, in RegisterRecordKey key, Sale rung, ShopCatalogue? inForce, EntryAttachment? buyer) =>
        new(draft, InvoiceContents.Unnumbered(draft, key.Hash, buyer is null ? [] : [buyer.Reference]), rung, inForce);
}
