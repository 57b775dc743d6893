using Invoicing.Chain;
using Invoicing.Gateway.Clocks;
using Invoicing.Gateway.Enrolment;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Recording;
using Invoicing.Gateway.Uplink;
using Invoicing.Hashing;
using Invoicing.Sales;

namespace Invoicing.Gateway;

/// <summary>The gateway as a library: makes durable, coded, signed invoices of sales and delivers them to the authority.</summary>
/// <remarks>
/// <para>
/// Contract of every recording call: when it returns, what it says is on the disk (fsync) and survives a power cut; when it throws
/// <see cref="NotRecordedException"/> or <see cref="SaleOutOfOrderException"/>, nothing was recorded; when it throws anything else, nothing is
/// known, and the same call again gives the outcome of the first.
/// </para>
/// <para>
/// One writer process per journal; the second is told <i>in use by pid n</i>. Any number of threads. Cancellation counts until the sale is
/// taken into a group; after that the call ends with the result. A sale that waits for its buyer (<see
/// cref="GatewayOptions.BuyerHold"/>) is
/// not recorded yet; the sales of its register behind it wait with it. The same (register, epoch, sequence) with the same content
/// returns the
/// original; with other content it throws <see cref="SaleConflictException"/>. No call needs the network, but for the first of a register that
/// is not in the journal and not stated to be new. No synchronization context is captured. <see cref="DisposeAsync"/> finishes the group in hand
/// and what waits behind it, seals the chain and waits for acknowledgements for at most <see cref="GatewayOptions.DrainTimeout"/>.
/// Source: design.md 5.15.
/// </para>
/// </remarks>
public sealed partial class InvoicingGateway : ISaleRecorder, IAsyncDisposable
{
    private readonly GatewayOptions _options;
    private readonly Recorder _recorder;
    private readonly AuthorityLink? _link;
    private readonly IdentityKeeper? _identity;
    private readonly DeviceClock _clock;
    private readonly EntryTimes _statusReader;
    private readonly UnacknowledgedDates _dates;
    private readonly BuyerDesk _desk;
    private int _disposed;

    private InvoicingGateway(
        GatewayOptions options, Recorder recorder, AuthorityLink? link, Opened opened, (EntryTimes Times, UnacknowledgedDates Dates) readers)
    {
        _options = options;
        _recorder = recorder;
        _link = link;
        (_statusReader, _dates) = readers;
        _keys = opened.Keys;
        _identity = opened.Identity;
        _clock = opened.Clock;
        _desk = new(options.Time, options.BuyerHold);
        _captures = new(options.JournalPath, DurableThrough);
    }

    /// <summary>Ends when the gateway was disposed of; faults with <see cref="JournalFailedException"/> when a write failed: the process is to end.</summary>
    public Task Completion => _recorder.Completion;

    /// <summary>Makes a sale a durable, coded, signed invoice, exactly once.</summary>
    /// <param name="sale">
    /// What was rung up. Sequences of a register's epoch come in their order; the first sale of a register that is neither in the journal nor
    /// stated to be new is to be awaited before the next.
    /// </param>
    /// <param name="cancellationToken">Counts until the sale is taken into a commit group.</param>
    /// <returns>The invoice; the original one if the sale was issued before.</returns>
    /// <exception cref="SaleConflictException">The same key came before with other content. Both are kept.</exception>
    /// <exception cref="SaleHeldException">The sale is durable, but breaks a rule and did not become an invoice.</exception>
    /// <exception cref="SaleOutOfOrderException">The sale before this one is missing; nothing was recorded.</exception>
    /// <exception cref="NotRecordedException">Recording waits or is stopped; nothing was recorded.</exception>
    /// <exception cref="JournalFailedException">A write failed; nothing is known, and the process is to end.</exception>
    /// <exception cref="ArgumentException">The key's sequence is 0 or above 2^62, or the sale is too large for any record.</exception>
    public async Task<IssuedInvoice> IssueAsync(Sale sale, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sale);
        CheckKey(sale.Key);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) == 1, this);
        if (!_recorder.CanTake(sale.Key))
        {
            await WelcomeFirstAsync(sale.Key, cancellationToken).ConfigureAwait(false);
        }

        RecordResult result = await RecordAsync(sale, _options.BuyerHold, cancellationToken).ConfigureAwait(false);
        return result.Invoice is { } invoice
            ? new(invoice, result.Entry!, result.Lookup)
            : throw (result.Outcome switch
            {
                RecordOutcome.Conflict conflict => new SaleConflictException(sale.Key, conflict.First),
                RecordOutcome.Held held => new SaleHeldException(sale.Key, held.Reason),
                RecordOutcome.Gap gap => new SaleOutOfOrderException(sale.Key, gap.Expected),
                RecordOutcome.NotNow notNow => new NotRecordedException(notNow.Reason),
                RecordOutcome other => (Exception)new InvalidOperationException($"expected what becomes of a sale, found {other}"),
            });
    }

    /// <inheritdoc/>
    public Task<RecordOutcome> RecordAsync(RegisterRecord record, CancellationToken cancellationToken) =>
        RecordAsync(record, _options.BuyerHold, cancellationToken);

    /// <inheritdoc/>
    public Task<RecordOutcome> RecordGapAsync(SaleKey first, ulong lastSequence, string reason, CancellationToken cancellationToken) =>
        RecordGapAsync(first, lastSequence, reason, _options.BuyerHold, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<(ulong Sequence, Sha256Hash Hash)?> FindRecordAsync(SaleKey atMost, CancellationToken cancellationToken) =>
        await _recorder.FindRecordAsync(atMost, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task RecordRegisterBehindAsync(RegisterHello hello, ulong lastDurable, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hello);
        ThrowIfRefused(await _recorder.RecordBehindAsync(hello, lastDurable, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Opens a stopped register's line again, on a person's decision, which the chain notes.</summary>
    /// <param name="register">The register.</param>
    /// <param name="epoch">Its journal.</param>
    /// <param name="reason">Who decided and why.</param>
    /// <param name="cancellationToken">As for <see cref="IssueAsync"/>.</param>
    /// <exception cref="NotRecordedException">The register is not known, or recording waits; nothing was recorded.</exception>
    public async Task ReleaseRegisterAsync(
        RegisterId register, ulong epoch, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        ThrowIfRefused(await _recorder.ReleaseAsync(new(register, epoch), reason, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Notes an operator's statement that a register is new, so that the authority need not be asked for its history.</summary>
    /// <param name="register">The register.</param>
    /// <param name="reason">Who states it and why.</param>
    /// <param name="cancellationToken">As for <see cref="IssueAsync"/>.</param>
    /// <exception cref="NotRecordedException">Recording waits; nothing was recorded.</exception>
    public async Task StateRegisterIsNewAsync(RegisterId register, string reason, CancellationToken cancellationToken = default)
    {
        if (register == default)
        {
            throw new ArgumentException("expected a register, found none", nameof(register));
        }

        ArgumentException.ThrowIfNullOrEmpty(reason);
        ThrowIfRefused(await _recorder.StateNewAsync(register, reason, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Waits until a verified watermark of the authority covers a position.</summary>
    /// <param name="position">The position, also one that is still to come.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">No authority is configured.</exception>
    public Task WhenAcknowledgedAsync(long position, CancellationToken cancellationToken = default) =>
        _link?.WhenAcknowledgedAsync(position, cancellationToken)
        ?? throw new InvalidOperationException("expected an authority in the options, found none: nothing is ever acknowledged");

    /// <summary>Finishes what was called, seals the chain, waits a little for acknowledgements, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0 && !Completion.IsCompleted)
        {
            _desk.Close();
            await SealAndDrainAsync().ConfigureAwait(false);
        }

        if (_link is not null)
        {
            await _link.DisposeAsync().ConfigureAwait(false);
        }

        _identity?.Dispose();
        _statusReader.Dispose();
        _dates.Dispose();
        await _captures.DisposeAsync().ConfigureAwait(false);
        await _recorder.DisposeAsync().ConfigureAwait(false);
    }

    private async Task SealAndDrainAsync()
    {
        try
        {
            // A refusal (clock, key) leaves the chain without a seal: it goes on here, and only a move to another machine needs one.
            _ = await _recorder.SealAsync(CancellationToken.None).ConfigureAwait(false);
            if (_link is { IsStreaming: true } link && _options.DrainTimeout > TimeSpan.Zero)
            {
                await link.WhenAcknowledgedAsync(_recorder.State.Head.Position, CancellationToken.None)
                    .WaitAsync(_options.DrainTimeout, _options.Time, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception fault) when (fault is TimeoutException or JournalFailedException)
        {
            return; // not acknowledged in time: sent at the next start; a failed journal is told by Completion
        }
    }

    private static void CheckKey(in SaleKey key)
    {
        if (key.Register == default || key.Sequence is 0 or > EntryFields.MaxPosition)
        {
            throw new ArgumentException($"expected a register and a sequence of 1 to 2^62, found {key}", nameof(key));
        }
    }

    private static void ThrowIfRefused(string? reason)
    {
        if (reason is not null)
        {
            throw new NotRecordedException(reason);
        }
    }
}
