using Invoicing.Chain;
using Invoicing.Signing;

namespace Invoicing.Gateway.Journal;

/// <summary>What the uplink asks of the journal's one writer, and what it reads.</summary>
internal interface IUplinkJournal
{
    /// <summary>Where the journal stands, as of the last commit.</summary>
    JournalState State { get; }

    /// <summary>
    /// The key in force, for proofs of possession; the recorder's, never to be disposed of. Taken anew for each proof: a rotation replaces it,
    /// and its <see cref="JournalState.PublicKey"/> only with the commit of the key change.
    /// </summary>
    ISigner Signer { get; }

    /// <summary>Wakes at each commit.</summary>
    JournalGrowth Growth { get; }

    /// <summary>
    /// Notes a verified watermark that covers an unbroken prefix: it is the anchor of entries from now on, and is written with the next
    /// group or within a second. Losing it costs a resend and nothing else.
    /// </summary>
    void Acknowledge(Watermark watermark, SignedWatermark statement, long checkpoint);

    /// <summary>Stores verified verdicts that follow the cursor.</summary>
    /// <returns>Whether they are stored; <see langword="false"/> if nothing can be written now.</returns>
    Task<bool> StoreAsync(IReadOnlyList<(Verdict Verdict, SignedVerdict Statement)> verdicts, CancellationToken cancellationToken);

    /// <summary>Signs the same body again, once in the life of a journal.</summary>
    Task<ResignOutcome> ResignAsync(long position, CancellationToken cancellationToken);

    /// <summary>Stops recording for good, also over restarts: the journal's history is not the authority's.</summary>
    Task StopAsync(string reason, CancellationToken cancellationToken);
}
