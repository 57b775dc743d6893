using Invoicing.Chain;

namespace Invoicing.Authority.Ledger;

/// <summary>Reads what is committed; never blocks the writer. For one thread at a time.</summary>
internal interface ILedgerReader : IDisposable
{
    /// <summary>Where the ledger ends.</summary>
    LedgerHead Head { get; }

    /// <summary>Entries in the order of their indexes.</summary>
    /// <param name="from">First index wanted, from 1.</param>
    /// <param name="limit">Most entries.</param>
    /// <param name="maxBytes">Enough bytes of bodies: the page ends behind the entry that reaches them.</param>
    IReadOnlyList<LedgerEntry> ReadEntries(long from, int limit, int maxBytes);

    /// <summary>Verdicts of a chain in the order of their numbers.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="after">Last number already known.</param>
    /// <param name="limit">Most verdicts.</param>
    IReadOnlyList<StoredVerdict> ReadVerdicts(ChainId chain, long after, int limit);

    /// <summary>Commits in order.</summary>
    /// <param name="after">Last index of the last commit already known.</param>
    /// <param name="limit">Most commits.</param>
    IReadOnlyList<LedgerCommit> ReadCommits(long after, int limit);

    /// <summary>Where the ledger stands with a register of a seller.</summary>
    RegisterHistory ReadRegister(string seller, string register, ulong epoch);
}
