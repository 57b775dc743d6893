using Invoicing.Hashing;
using Invoicing.Sales;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>A recorder that holds the clock while a call of it is in hand: a commit takes no time here.</summary>
internal sealed class BusyRecorder(ISaleRecorder recorder, VirtualTime time) : ISaleRecorder
{
    /// <summary>Called when something is to be recorded, while that is in hand.</summary>
    public Action? WhenRecording { get; set; }

    public async ValueTask<RegisterStanding> WelcomeAsync(RegisterHello hello, CancellationToken cancellationToken)
    {
        time.Begin();
        try
        {
            return await recorder.WelcomeAsync(hello, cancellationToken);
        }
        finally
        {
            time.End();
        }
    }

    public Task<RecordOutcome> RecordAsync(RegisterRecord record, CancellationToken cancellationToken) =>
        HoldAsync(recorder.RecordAsync(record, cancellationToken));

    public Task<RecordOutcome> RecordGapAsync(SaleKey first, ulong lastSequence, string reason, CancellationToken cancellationToken) =>
        HoldAsync(recorder.RecordGapAsync(first, lastSequence, reason, cancellationToken));

    public async Task RecordRegisterBehindAsync(RegisterHello hello, ulong lastDurable, CancellationToken cancellationToken)
    {
        time.Begin();
        try
        {
            await recorder.RecordRegisterBehindAsync(hello, lastDurable, cancellationToken);
        }
        finally
        {
            time.End();
        }
    }

    public async ValueTask<(ulong Sequence, Sha256Hash Hash)?> FindRecordAsync(SaleKey atMost, CancellationToken cancellationToken)
    {
        time.Begin();
        try
        {
            return await recorder.FindRecordAsync(atMost, cancellationToken);
        }
        finally
        {
            time.End();
        }
    }

    private async Task<RecordOutcome> HoldAsync(Task<RecordOutcome> call)
    {
        time.Begin();
        try
        {
            WhenRecording?.Invoke();
            return await call;
        }
        finally
        {
            time.End();
        }
    }
}
