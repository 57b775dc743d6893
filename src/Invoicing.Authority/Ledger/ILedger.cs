using Invoicing.Chain;
using Invoicing.Hashing;

namespace Invoicing.Authority.Ledger;

/// <summary>The append-only log of all chains, as its one writer uses it. For one thread at a time.</summary>
/// <remarks>
/// Contract of every backend: the ledger index is given inside the transaction, so the order of commits is the order of indexes and nothing
/// that commits late can be skipped by a reader. When <see cref="Commit"/> returns, the transaction survives a power cut; when it throws,
/// nothing is known, and the process must end. What must be unique is held by the database and not by this process: positions and the order
/// of indexes are refused if they do not fit; a claim that is held already is not granted (design.md 5.17).
/// After <see cref="Rollback"/> all state is read again from the database.
/// </remarks>
internal interface ILedger : IDisposable
{
    /// <summary>Name and version of the engine.</summary>
    string Engine { get; }

    /// <summary>Where the ledger ends; inside a transaction that includes what it has appended.</summary>
    LedgerHead Head { get; }

    /// <summary>What is stored of a chain; inside a transaction that includes what it has appended.</summary>
    ChainStanding? Find(ChainId chain);

    /// <summary>The chain that was started on an enrolment.</summary>
    ChainId? ChainOn(in Sha256Hash enrolment);

    /// <summary>The watermark of the commit that stored a chain's head; <see langword="null"/> if nothing of it is stored.</summary>
    SignedWatermark? Watermark(ChainId chain);

    /// <summary>Begins a transaction.</summary>
    /// <param name="ledgerTime">Its time; not before that of the head.</param>
    void Begin(long ledgerTime);

    /// <summary>Takes up a chain of which nothing is stored.</summary>
    void AddChain(ChainId chain, EnrolmentGrant enrolment);

    /// <summary>Appends the next entry of a chain.</summary>
    /// <returns>Its index, and which of its claims an earlier entry holds.</returns>
    (long Index, Clashes Clashes) Append(ChainId chain, PreparedEntry entry);

    /// <summary>Notes a chain's key in force, and whether it was retired, behind the entries appended.</summary>
    void SetState(ChainState state);

    /// <summary>Appends the next verdict of a chain.</summary>
    void AddVerdict(ChainId chain, StoredVerdict verdict);

    /// <summary>Stores the commit's signed root with its leaves, commits, and makes all of it durable.</summary>
    void Commit(IReadOnlyList<SignedWatermark> watermarks);

    /// <summary>Takes the transaction back.</summary>
    void Rollback();

    /// <summary>Upkeep between commits, when nobody waits: at most one step of some milliseconds, or what can no longer be put off.</summary>
    /// <param name="isIdle">Whether no work waits.</param>
    /// <returns>Whether more upkeep is due.</returns>
    bool Maintain(bool isIdle);

    /// <summary>Opens a reader of its own.</summary>
    ILedgerReader OpenReader();
}
