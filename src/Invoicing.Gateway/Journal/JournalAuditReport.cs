using System.Collections.Immutable;
using Invoicing.Chain;
using Invoicing.Hashing;

namespace Invoicing.Gateway.Journal;

/// <summary>What an audit found.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="HeadPosition">Last entry.</param>
/// <param name="HeadHash">Its hash.</param>
/// <param name="Invoices">Invoices among the entries.</param>
/// <param name="Depth">Which signatures were checked.</param>
/// <param name="Faults">What is wrong, at most <see cref="JournalAudit.MaxFaults"/>; empty if all is well.</param>
/// <param name="SqliteVersion">Version of the library that read it.</param>
public sealed record JournalAuditReport(
    ChainId Chain, long HeadPosition, Sha256Hash HeadHash, long Invoices, SignatureDepth Depth, ImmutableArray<JournalFault> Faults,
    string SqliteVersion)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool IsSound => Faults.IsEmpty;
}
