namespace Invoicing.Gateway.Recording;

/// <summary>What a register's calls and statements wait for. Changed under the desk's lock.</summary>
internal sealed class BuyerLane
{
    /// <summary>Calls under way, in their order. Bounded by the callers: a register's window is at most 16.</summary>
    public List<HeldSale> Calls { get; } = [];

    /// <summary>Buyers that were stated before their sale came; at most <see cref="BuyerDesk.MaxNoted"/>.</summary>
    public List<NotedBuyer> Noted { get; } = [];

    /// <summary>How long its sales wait.</summary>
    public TimeSpan Hold { get; set; }

    /// <summary>Completes when all calls so far are in the recorder's queue.</summary>
    public Task Tail { get; set; } = Task.CompletedTask;
}
