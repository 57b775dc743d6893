using Invoicing.Vietnam;

namespace Invoicing.Edge.Deadlines;

/// <summary>Looks at the nearest deadline now and then, and says once when it comes near and once when it has passed.</summary>
/// <remarks>Keeps only what it has said: deadlines are worked out anew each time. <see cref="Report"/> is safe on any thread.</remarks>
internal sealed partial class DeadlineWatch(DeadlineSettings settings, TimeProvider time, ILogger<DeadlineWatch> logger)
{
    /// <summary>Pause between two looks: far below any time before which people would want to be warned.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly ILogger _logger = logger;
    private DateTimeOffset? _warnedOf;
    private DateTimeOffset? _missed;

    /// <summary>Today in Vietnam.</summary>
    public DateOnly Today => VietnamTime.DateOf(time.GetUtcNow());

    /// <summary>The nearest deadline now; <see langword="null"/> if no invoice waits.</summary>
    /// <param name="earliest">Earliest date of issue that waits for the authority.</param>
    /// <param name="waiting">Age of the oldest entry that waits.</param>
    public DeadlineReport? Report(DateOnly? earliest, TimeSpan waiting) => earliest is { } date
        ? DeadlineReport.Of(settings.Table.Of(date, settings.Outages), settings.WarnBefore, waiting, time.GetUtcNow())
        : null;

    /// <summary>Looks until cancelled.</summary>
    /// <param name="look">What waits: the earliest date of issue, and the age of the oldest entry.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Func<(DateOnly? Earliest, TimeSpan Waiting)> look, CancellationToken cancellationToken)
    {
        await Task.Yield(); // the first look reads the journal: nobody's start waits for it
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            do
            {
                (DateOnly? earliest, TimeSpan waiting) = look();
                Say(Report(earliest, waiting));
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    /// <summary>Says what is new about a deadline. One caller at a time.</summary>
    internal void Say(DeadlineReport? report)
    {
        if (report is null || report.State == DeadlineState.Ok)
        {
            return;
        }

        Deadline deadline = report.Deadline;
        string rule = $"{deadline.Rule.Id}, {deadline.Rule.Source} ({deadline.Rule.Certainty})";
        if (report.State == DeadlineState.Warning && _warnedOf != deadline.Due)
        {
            _warnedOf = deadline.Due;
            LogNear(deadline.IssuedOn, deadline.Due, rule);
        }
        else if (report.State == DeadlineState.Missed && _missed != deadline.Due)
        {
            _missed = deadline.Due;
            LogMissed(deadline.IssuedOn, deadline.Due, rule);
        }
    }

    [LoggerMessage(2250, LogLevel.Warning, "Invoices of {IssuedOn:yyyy-MM-dd} are not yet with the authority and are due by {Due:O}: {Rule}")]
    private partial void LogNear(DateOnly issuedOn, DateTimeOffset due, string rule);

    [LoggerMessage(2251, LogLevel.Error, "Invoices of {IssuedOn:yyyy-MM-dd} are not with the authority and were due by {Due:O}: {Rule}")]
    private partial void LogMissed(DateOnly issuedOn, DateTimeOffset due, string rule);
}
