namespace Invoicing.Authority.Gate;

/// <summary>How long a peer may take to read what is written to it, before its stream is cut: what waits for it is memory that others need.</summary>
/// <param name="time">Timers.</param>
/// <param name="cut">Cuts the stream.</param>
internal sealed class ReaderPatience(TimeProvider time, Action cut)
{
    /// <summary>The longest a line hangs and comes back: two keep-alive rounds of the connection, which finds dead peers itself.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Waits until a write was taken; a reader that does not take it in time is cut, which ends the write with an exception.</summary>
    /// <param name="write">The write that has begun.</param>
    public async Task UntilTakenAsync(Task write)
    {
        if (!write.IsCompleted)
        {
            await using ITimer limit = time.CreateTimer(static cut => ((Action)cut!)(), cut, Limit, Timeout.InfiniteTimeSpan);
            await write;
            return;
        }

        await write;
    }
}
