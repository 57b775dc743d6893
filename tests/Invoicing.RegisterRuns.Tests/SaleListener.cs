using System.Collections.Concurrent;
using Invoicing.Hashing;
using Invoicing.Sales;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>A recorder that remembers the sales that were recorded through it, as invoices or as held.</summary>
internal sealed class SaleListener(ISaleRecorder recorder) : ISaleRecorder
{
    /// <summary>The sales, each once, in their order.</summary>
    public ConcurrentQueue<Sale> Sales { get; } = [];

    public ValueTask<RegisterStanding> WelcomeAsync(RegisterHello hello, CancellationToken cancellationToken) => recorder.WelcomeAsync(hello, cancellationToken);

    public async Task<RecordOutcome> RecordAsync(RegisterRecord record, CancellationToken cancellationToken)
    {
        RecordOutcome outcome = await recorder.RecordAsync(record, cancellationToken);
        if (record.Sale is { } sale && outcome is RecordOutcome.Issued or RecordOutcome.Held)
        {
            Sales.Enqueue(sale);
        }

        return outcome;
    }

    public Task<RecordOutcome> RecordGapAsync(SaleKey first, ulong lastSequence, string reason, CancellationToken cancellationToken) =>
        recorder.RecordGapAsync(first, lastSequence, reason, cancellationToken);

    public Task RecordRegisterBehindAsync(RegisterHello hello, ulong lastDurable, CancellationToken cancellationToken) =>
        recorder.RecordRegisterBehindAsync(hello, lastDurable, cancellationToken);

    public ValueTask<(ulong Sequence, Sha256Hash Hash)?> FindRecordAsync(SaleKey atMost, CancellationToken cancellationToken) =>
        recorder.FindRecordAsync(atMost, cancellationToken);
}
