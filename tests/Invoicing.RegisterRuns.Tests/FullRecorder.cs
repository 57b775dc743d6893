using Invoicing.Hashing;
using Invoicing.Sales;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>A recorder that takes nothing for a while, as one does whose disk is full.</summary>
/// <param name="recorder">What takes things before and after.</param>
/// <param name="time">The clock.</param>
/// <param name="after">When it begins, counted from now.</param>
/// <param name="until">When it ends, counted from now.</param>
internal sealed class FullRecorder(ISaleRecorder recorder, TimeProvider time, TimeSpan after, TimeSpan until) : ISaleRecorder
{
    private readonly long _began = time.GetTimestamp();

    private bool IsFull => time.GetElapsedTime(_began) is { } now && now >= after && now < until;

    public ValueTask<RegisterStanding> WelcomeAsync(RegisterHello hello, CancellationToken cancellationToken) => recorder.WelcomeAsync(hello, cancellationToken);

    public Task<RecordOutcome> RecordAsync(RegisterRecord record, CancellationToken cancellationToken) =>
        IsFull ? Full() : recorder.RecordAsync(record, cancellationToken);

    public Task<RecordOutcome> RecordGapAsync(SaleKey first, ulong lastSequence, string reason, CancellationToken cancellationToken) =>
        IsFull ? Full() : recorder.RecordGapAsync(first, lastSequence, reason, cancellationToken);

    public Task RecordRegisterBehindAsync(RegisterHello hello, ulong lastDurable, CancellationToken cancellationToken) =>
        recorder.RecordRegisterBehindAsync(hello, lastDurable, cancellationToken);

    public ValueTask<(ulong Sequence, Sha256Hash Hash)?> FindRecordAsync(SaleKey atMost, CancellationToken cancellationToken) =>
        recorder.FindRecordAsync(atMost, cancellationToken);

    private static Task<RecordOutcome> Full() => Task.FromResult<RecordOutcome>(new RecordOutcome.NotNow("the disk is full"));
}
