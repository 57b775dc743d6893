using System.Collections.Immutable;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Recording;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Gateway;

public sealed partial class InvoicingGateway
{
    private const int MaxReceipt = 32; // VN-RECEIPT-1

    /// <summary>
    /// This gateway for registers whose sales wait for their buyers for another time than <see cref="GatewayOptions.BuyerHold"/>.
    /// </summary>
    /// <param name="buyerHold">As for <see cref="GatewayOptions.BuyerHold"/>; zero for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than <see cref="GatewayOptions.MaxBuyerHold"/>.</exception>
    public ISaleRecorder WithBuyerHold(TimeSpan buyerHold)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buyerHold, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(buyerHold, GatewayOptions.MaxBuyerHold);
        return buyerHold == _options.BuyerHold ? this : new Holding(this, buyerHold);
    }

    /// <summary>
    /// States who buys, for a register that cannot: the sale that waits for it, or the one that comes next, gets the buyer.
    /// </summary>
    /// <remarks>
    /// A statement that comes before its sale lapses after the register's hold time, so that it cannot reach a stranger's receipt. It
    /// is not
    /// durable: after a crash it has to be made again, as the register has to send the sale again.
    /// </remarks>
    /// <param name="register">The register.</param>
    /// <param name="receiptNumber">
    /// The receipt; <see langword="null"/> for the sale that waits longest, or else the register's next one.
    /// </param>
    /// <param name="buyer">Who.</param>
    /// <param name="cancellationToken">Ends the wait for the sale's recording, and nothing else.</param>
    /// <returns>What became of the sale that waited; <see langword="null"/> if none did and the statement waits for the sale.</returns>
    /// <exception cref="SaleAlreadyIssuedException">The receipt's invoice is issued; a replacement is the way.</exception>
    /// <exception cref="NotRecordedException">The sale could not be recorded now; the statement waits for it to come again.</exception>
    /// <exception cref="InvoicingException">
    /// The buyer breaks a rule, or sales of this register wait for nobody; nothing was noted.
    /// </exception>
    public async Task<RecordOutcome?> StateBuyerAsync(
        RegisterId register, string? receiptNumber, Buyer buyer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(buyer);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) == 1, this);
        CheckStatement(register, receiptNumber, buyer);
        switch (_desk.State(register, receiptNumber, buyer, _recorder.State.Knows(register)))
        {
            case BuyerStatement.Taken taken:
                RecordOutcome? outcome = await taken.Sale.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
                return outcome is null or RecordOutcome.NotNow
                    ? throw new NotRecordedException((outcome as RecordOutcome.NotNow)?.Reason ?? "the register's call ended before")
                    : outcome;
            case BuyerStatement.TooLate late:
                throw new SaleAlreadyIssuedException(late.Sale.Key, receiptNumber, invoice: null);
            case BuyerStatement.Noted noted:
                ThrowIfIssued(register, receiptNumber, noted.Note);
                return null;
            default:
                throw new InvoicingException(
                    $"expected a register whose sales wait for their buyers, found {register}, whose sales do not; "
                    + "set a hold time, and let the register connect");
        }
    }

    private static void CheckStatement(RegisterId register, string? receiptNumber, Buyer buyer)
    {
        if (register == default)
        {
            throw new ArgumentException("expected a register, found none", nameof(register));
        }

        if (receiptNumber is not null and not { Length: >= 1 and <= MaxReceipt })
        {
            throw new InvoicingException($"expected a receipt number of 1 to {MaxReceipt} characters, found {receiptNumber.Length}");
        }

        ImmutableArray<RuleFault> faults = InvoiceRules.Judge(buyer);
        if (!faults.IsEmpty || buyer == new Buyer())
        {
            throw new InvoicingException(faults.IsEmpty ? "expected a buyer, found nothing stated of one" : string.Join("; ", faults));
        }
    }

    private void ThrowIfIssued(RegisterId register, string? receipt, NotedBuyer note)
    {
        if (receipt is not null && IssuedReceipts.Find(_options.JournalPath, register, receipt) is { } invoice)
        {
            _desk.TakeBack(register, note);
            throw new SaleAlreadyIssuedException(invoice.Sale.Key, receipt, invoice.Printed);
        }
    }

    private Task<RecordResult> RecordAsync(Sale sale, TimeSpan hold, CancellationToken cancellationToken)
    {
        if (hold == TimeSpan.Zero)
        {
            return _recorder.RecordAsync(sale, cancellationToken);
        }

        TimeSpan wait = WaitOf(sale, hold);
        return _desk.RunAsync(
            _desk.Enter(sale.Key, sale.ReceiptNumber, hold, wait, IsNewWithBuyer(sale)), wait,
            buyer => _recorder.RecordAsync(buyer is null ? sale : sale with { Buyer = buyer }, cancellationToken),
            result => result.Outcome, cancellationToken);
    }

    private async Task<RecordOutcome> RecordAsync(RegisterRecord record, TimeSpan hold, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        CheckKey(record.Key);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) == 1, this);
        if (hold == TimeSpan.Zero)
        {
            return (await _recorder.RecordAsync(record, cancellationToken).ConfigureAwait(false)).Outcome;
        }

        TimeSpan wait = record is { Kind: RecordKind.Sale, Sale: { } sale, Recovered: null, IsRecovered: false, Leased: null }
            ? WaitOf(sale, hold)
            : TimeSpan.Zero;
        RecordResult result = await _desk.RunAsync(
            _desk.Enter(record.Key, record.Sale?.ReceiptNumber, hold, wait, record.Sale is { } rung && IsNewWithBuyer(rung)), wait,
            buyer => _recorder.RecordAsync(buyer is null ? record : record with { Sale = record.Sale! with { Buyer = buyer } }, cancellationToken),
            result => result.Outcome, cancellationToken).ConfigureAwait(false);
        return result.Outcome;
    }

    private Task<RecordOutcome> RecordGapAsync(
        SaleKey first, ulong lastSequence, string reason, TimeSpan hold, CancellationToken cancellationToken)
    {
        CheckKey(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(lastSequence, first.Sequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lastSequence, (ulong)Chain.EntryFields.MaxPosition);
        ArgumentNullException.ThrowIfNull(reason);
        return hold == TimeSpan.Zero
            ? _recorder.RecordGapAsync(first, lastSequence, reason, cancellationToken)
            : _desk.RunAsync(
                _desk.Enter(first, receipt: null, hold, TimeSpan.Zero), TimeSpan.Zero,
                _ => _recorder.RecordGapAsync(first, lastSequence, reason, cancellationToken), outcome => outcome, cancellationToken);
    }

    /// <summary>
    /// How long a sale waits for its buyer: not at all if it has one, or was recorded before, or was closed so long ago that nobody
    /// is there any more.
    /// </summary>
    private TimeSpan WaitOf(Sale sale, TimeSpan hold)
    {
        if (IsRecorded(sale.Key) || HasBuyer(sale))
        {
            return TimeSpan.Zero;
        }

        TimeSpan age = sale is { ClosedAt: { } closedAt, Clock: ClockConfidence.Synchronised }
            ? _clock.GetUtcNow() - closedAt
            : TimeSpan.Zero;
        return age <= TimeSpan.Zero ? hold : age >= hold ? TimeSpan.Zero : hold - age;
    }

    private bool IsRecorded(SaleKey key) =>
        _recorder.State.Lines.TryGetValue(LineKey.Of(key), out LineState? line) && key.Sequence <= line.LastSequence;

    private bool IsNewWithBuyer(Sale sale) => HasBuyer(sale) && !IsRecorded(sale.Key);

    private static bool HasBuyer(Sale sale) => sale.Buyer is { } buyer && buyer != new Buyer();

    /// <summary>The gateway, with a hold time of its own.</summary>
    private sealed class Holding(InvoicingGateway gateway, TimeSpan hold) : ISaleRecorder
    {
        public async ValueTask<RegisterStanding> WelcomeAsync(RegisterHello hello, CancellationToken cancellationToken)
        {
            RegisterStanding standing = await gateway.WelcomeAsync(hello, cancellationToken).ConfigureAwait(false);
            gateway._desk.Open(hello.Register, hold);
            return standing;
        }

        public Task<RecordOutcome> RecordAsync(RegisterRecord record, CancellationToken cancellationToken) =>
            gateway.RecordAsync(record, hold, cancellationToken);

        public Task<RecordOutcome> RecordGapAsync(SaleKey first, ulong lastSequence, string reason, CancellationToken cancellationToken) =>
            gateway.RecordGapAsync(first, lastSequence, reason, hold, cancellationToken);

        public Task RecordRegisterBehindAsync(RegisterHello hello, ulong lastDurable, CancellationToken cancellationToken) =>
            gateway.RecordRegisterBehindAsync(hello, lastDurable, cancellationToken);

        public ValueTask<(ulong Sequence, Sha256Hash Hash)?> FindRecordAsync(SaleKey atMost, CancellationToken cancellationToken) =>
            gateway.FindRecordAsync(atMost, cancellationToken);

        public bool IsClockPlausible => gateway.IsClockPlausible;

        public Task<LeaseOffer?> OfferLeaseAsync(RegisterId serial, ulong epoch, CancellationToken cancellationToken) =>
            gateway.OfferLeaseAsync(serial, epoch, cancellationToken);

        public Task LeaseAnsweredAsync(
            RegisterId serial, ulong epoch, ulong lease, ulong? newestSequence, CancellationToken cancellationToken) =>
            gateway.LeaseAnsweredAsync(serial, epoch, lease, newestSequence, cancellationToken);
    }
}
