using Invoicing.Vietnam;

namespace Invoicing.Edge.Deadlines;

/// <summary>The nearest deadline at one moment.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Deadline">When, by which rule.</param>
/// <param name="Remaining">What is left; negative once it has passed.</param>
internal sealed record DeadlineReport(DeadlineState State, Deadline Deadline, TimeSpan Remaining)
{
    /// <summary>
    /// What is younger is on its way and no reason for a warning: a shop that sells up to midnight always has a sale under way. Missed is missed,
    /// however young.
    /// </summary>
    public static readonly TimeSpan UnderWay = TimeSpan.FromMinutes(1);

    /// <summary>Judges a deadline.</summary>
    /// <param name="deadline">The nearest.</param>
    /// <param name="warnBefore">From when before it people are warned.</param>
    /// <param name="waiting">Age of the oldest entry that waits.</param>
    /// <param name="now">Now.</param>
    public static DeadlineReport Of(Deadline deadline, TimeSpan warnBefore, TimeSpan waiting, DateTimeOffset now)
    {
        TimeSpan remaining = deadline.Due - now;
        DeadlineState state = remaining <= TimeSpan.Zero ? DeadlineState.Missed
            : remaining <= warnBefore && waiting >= UnderWay ? DeadlineState.Warning
            : DeadlineState.Ok;
        return new(state, deadline, remaining);
    }
}
