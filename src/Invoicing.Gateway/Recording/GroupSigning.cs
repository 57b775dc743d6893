using Invoicing.Signing;

namespace Invoicing.Gateway.Recording;

/// <summary>Signs a group's entries on all cores: signatures of a group do not depend on each other.</summary>
/// <remarks>
/// Threads of the pool take entries one by one, while the writer inserts what is signed. The writer never waits for a thread that has not
/// started: what nobody has taken it signs itself. Source: design.md 5.2; spec: signing on both cores gives 1.5 times the rate.
/// </remarks>
/// <param name="signer">The key; used by several threads.</param>
/// <param name="helpers">Threads beside the caller's.</param>
internal sealed class GroupSigning(ISigner signer, int helpers)
{
    /// <summary>Starts to sign entries.</summary>
    public SigningRound Start(IReadOnlyList<PendingEntry> entries)
    {
        var round = new SigningRound(signer, entries);

        // A single entry is signed by whoever awaits it: handing it over would cost more than it gains.
        for (int i = 0; i < Math.Min(helpers, entries.Count - 1); i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static r => r.Help(), round, preferLocal: false);
        }

        return round;
    }
}
