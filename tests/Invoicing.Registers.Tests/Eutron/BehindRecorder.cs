using Invoicing.Sales;

namespace Invoicing.Registers.Tests.Eutron;

/// <summary>A recorder that stops a register's line when the register fell behind, until it is released, and keeps the reasons of gaps.</summary>
internal sealed class BehindRecorder(ISaleRecorder recorder) : ISaleRecorder
{
    private volatile bool _isStopped;

    internal List<string> GapReasons { get; } = [];

    /// <summary>A person opens the line again.</summary>
    internal void Release() => _isStopped = false;

    public ValueTask<RegisterStanding> WelcomeAsync(RegisterHello hello, CancellationToken cancellationToken) =>
        _isStopped ? new(new RegisterStanding.Stopped("it fell behind")) : recorder.WelcomeAsync(hello, cancellationToken);

    public Task<RecordOutcome> RecordAsync(RegisterRecord record, CancellationToken cancellationToken) => recorder.RecordAsync(record, cancellationToken);

    public Task<RecordOutcome> RecordGapAsync(SaleKey first, ulong lastSequence, string reason, CancellationToken cancellationToken)
    {
        GapReasons.Add(reason);
        return recorder.RecordGapAsync(first, lastSequence, reason, cancellationToken);
    }

    public Task RecordRegisterBehindAsync(RegisterHello hello, ulong lastDurable, CancellationToken cancellationToken)
    {
        _isStopped = true;
        return recorder.RecordRegisterBehindAsync(hello, lastDurable, cancellationToken);
    }
}
