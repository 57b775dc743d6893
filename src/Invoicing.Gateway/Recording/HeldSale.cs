using Invoicing.Sales;

namespace Invoicing.Gateway.Recording;

/// <summary>A call that records something for a register whose sales wait for their buyers.</summary>
/// <param name="key">Register, epoch, sequence.</param>
/// <param name="receipt">The receipt's number; <see langword="null"/> if it has none.</param>
/// <param name="before">Completes when all calls before this one are in the recorder's queue, or never will be.</param>
/// <remarks>All of it is changed under the desk's lock, but for the tasks that are awaited.</remarks>
internal sealed class HeldSale(SaleKey key, string? receipt, Task before)
{
    private readonly TaskCompletionSource _queued = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Buyer?> _buyer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<RecordOutcome?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SaleKey Key { get; } = key;

    public string? Receipt { get; } = receipt;

    public Task Before { get; } = before;

    /// <summary>Completes when this call and all before it are in the recorder's queue, or never will be.</summary>
    public Task Queued => Task.WhenAll(Before, _queued.Task);

    /// <summary>Who bought, as soon as that is decided; faults when the gateway closes before.</summary>
    public Task<Buyer?> Buyer => _buyer.Task;

    /// <summary>Whether it no longer waits for a buyer.</summary>
    public bool IsDecided => _buyer.Task.IsCompleted;

    /// <summary>What became of it; <see langword="null"/> if nothing was recorded.</summary>
    public Task<RecordOutcome?> Ended => _ended.Task;

    /// <summary>Decides who bought.</summary>
    public void Decide(Buyer? buyer) => _buyer.TrySetResult(buyer);

    /// <summary>Gives up waiting.</summary>
    public void Refuse(string reason) => _buyer.TrySetException(new NotRecordedException(reason));

    public void MarkQueued() => _queued.TrySetResult();

    public void End(RecordOutcome? outcome) => _ended.TrySetResult(outcome);
}
