using System.Security.Cryptography;

namespace Invoicing.Gateway.Uplink;

/// <summary>How long to wait before the authority is tried again: exponential with jitter and a cap. Pure but for the default jitter.</summary>
/// <remarks>
/// Between half of the exponential wait and all of it, so that ten thousand devices that lost one authority do not come back in step, also not
/// at the cap.
/// </remarks>
internal static class ReconnectDelay
{
    /// <summary>The wait before a try.</summary>
    /// <param name="first">The first wait, at most.</param>
    /// <param name="cap">The longest wait.</param>
    /// <param name="attempt">Failed tries without progress, from 0.</param>
    /// <param name="jitter">0 up to but not 1.</param>
    public static TimeSpan Of(TimeSpan first, TimeSpan cap, int attempt, double jitter)
    {
        const int MostDoublings = 30; // half a millisecond, doubled so often, is a week: beyond any cap
        double full = Math.Min(cap.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, MostDoublings)));
        return TimeSpan.FromMilliseconds(full * (0.5 + (0.5 * jitter)));
    }

    /// <summary>The system's random numbers as jitter.</summary>
    public static double SystemJitter() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
