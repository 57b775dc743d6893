namespace Invoicing.Authority.Ledger;

/// <summary>When the writer commits: at once while little waits, at most every <see cref="Interval"/> when many streams do. Pure.</summary>
/// <remarks>
/// A commit costs an fsync, a signature and the pages of all heads, however many entries it holds. With a thousand chains that send one
/// entry at a time, commits 10 ms apart hold five times as many entries; below that load nobody is made to wait.
/// </remarks>
internal static class LedgerPace
{
    /// <summary>Shortest time between two commits under load.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Requests in a group from which on it counts as load: at 1,000 entries a second a group of 10 ms has fewer.</summary>
    public const int Load = 16;

    /// <summary>Entries that are worth a commit of their own, whenever the last one was.</summary>
    public const int Enough = 1_024;

    /// <summary>How long to go on collecting.</summary>
    /// <param name="requests">Requests in the group.</param>
    /// <param name="entries">Entries in the group.</param>
    /// <param name="sinceLastCommit">Time since the last commit began.</param>
    public static TimeSpan Wait(int requests, int entries, TimeSpan sinceLastCommit) =>
        requests >= Load && entries < Enough && sinceLastCommit < Interval ? Interval - sinceLastCommit : TimeSpan.Zero;
}
