namespace Invoicing.Gateway.Clocks;

/// <summary>Which clock counts for what is recorded.</summary>
/// <param name="IsAuthority">
/// Whether entries bear the authority's time, as the system's clock is before what is known to be past; set it right, and it counts again.
/// </param>
/// <param name="AuthorityTime">The authority's time now, as last heard; <see langword="null"/> before it was.</param>
/// <param name="Difference">The system's clock minus the authority's; <see langword="null"/> before that was heard.</param>
public sealed record ClockStatus(bool IsAuthority, DateTimeOffset? AuthorityTime, TimeSpan? Difference)
{
    /// <summary>2 minutes: a difference beyond this is worth a word, though a plausible clock is never overridden.</summary>
    public static readonly TimeSpan Remarkable = TrustedTime.Tolerance;

    /// <summary>Whether a person should look at the system's clock.</summary>
    public bool IsRemarkable => IsAuthority || Difference?.Duration() > Remarkable;
}
