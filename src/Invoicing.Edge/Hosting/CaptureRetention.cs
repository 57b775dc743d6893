using Invoicing.Gateway;

namespace Invoicing.Edge.Hosting;

/// <summary>Deletes captures whose time is over, now and then. What waits, to be judged or to be recorded, stays whatever its age.</summary>
/// <remarks>The newest of each till stay as well: from them a template is learned. While our clock is not to be believed nothing is deleted.</remarks>
/// <param name="gateway">Whose captures.</param>
/// <param name="kept">How long they stay.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where it is told.</param>
internal sealed partial class CaptureRetention(InvoicingGateway gateway, TimeSpan kept, TimeProvider time, ILogger<CaptureRetention> logger)
{
    /// <summary>Pause between two looks: an hour's captures of a shop are some MiB, a small part of the room.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <summary>Newest captures of each till that stay whatever their age.</summary>
    public const int KeptNewest = 50;

    private readonly ILogger _logger = logger;
    private long _deleted;

    /// <summary>How long captures stay.</summary>
    public TimeSpan Kept { get; } = kept;

    /// <summary>How many were deleted since the start.</summary>
    public long Deleted => Volatile.Read(ref _deleted);

    /// <summary>Looks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.Yield(); // the first look opens a file: nobody's start waits for it
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            do
            {
                await PruneAsync(cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        if (!gateway.IsClockPlausible)
        {
            return;
        }

        try
        {
            long deleted = await gateway.Captures.PruneAsync(time.GetUtcNow() - Kept, KeptNewest, cancellationToken);
            if (deleted > 0)
            {
                LogDeleted(deleted, Kept.TotalDays);
                Volatile.Write(ref _deleted, _deleted + deleted);
            }
        }
        catch (InvoicingException fault)
        {
            // Told here and tried again after the pause; whoever keeps captures meets the same fault and shows it in the status.
            LogFailed(fault.Message);
        }
    }

    [LoggerMessage(2261, LogLevel.Information, "{Count} captures were deleted that are older than {Days} days and recorded")]
    private partial void LogDeleted(long count, double days);

    [LoggerMessage(2262, LogLevel.Warning, "Old captures could not be deleted: {Reason}")]
    private partial void LogFailed(string reason);
}
