using Invoicing.Sales;
using Microsoft.Extensions.Logging;

namespace Invoicing.Gateway;

/// <summary>The gateway as a library: makes durable, coded, signed invoices of sales and delivers them to the authority.</summary>
public sealed class InvoicingGateway : ISaleRecorder, IAsyncDisposable
{
    /// <summary>Opens a journal, or makes it.</summary>
    public static Task<InvoicingGateway> OpenAsync(
        GatewayOptions options, ILoggerFactory? loggers = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>Where the gateway stands.</summary>
    public GatewayStatus Status => throw new NotSupportedException();

    /// <summary>Ends when the gateway was disposed of; faults when recording failed for good, and the process is to end.</summary>
    public Task Completion => throw new NotSupportedException();

    /// <summary>Makes a sale a durable, coded, signed invoice, exactly once.</summary>
    public Task<IssuedInvoice> IssueAsync(Sale sale, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public ValueTask<RegisterStanding> WelcomeAsync(RegisterHello hello, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<RecordOutcome> RecordAsync(RegisterRecord record, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<RecordOutcome> RecordGapAsync(SaleKey first, ulong lastSequence, string reason, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public Task RecordRegisterBehindAsync(RegisterHello hello, ulong lastDurable, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Opens a stopped register's line again, on a person's decision, which the chain notes.</summary>
    public Task ReleaseRegisterAsync(RegisterId register, ulong epoch, string reason, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>Notes an operator's statement that a register is new, so that the authority need not be asked for its history.</summary>
    public Task StateRegisterIsNewAsync(RegisterId register, string reason, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>Waits until a verified watermark covers a position.</summary>
    public Task WhenAcknowledgedAsync(long position, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
