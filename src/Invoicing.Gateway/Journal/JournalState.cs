using System.Collections.Immutable;
using Invoicing.Catalogues;
using Invoicing.Chain;
using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Gateway.Journal;

/// <summary>All that the next entry depends on, as of the last commit. Immutable: a group that fails leaves it as it was.</summary>
internal sealed record JournalState
{
    public required EnrolmentGrant Enrolment { get; init; }

    public required ChainHead Head { get; init; }

    /// <summary>Key in force, as SubjectPublicKeyInfo.</summary>
    public required ReadOnlyMemory<byte> PublicKey { get; init; }

    /// <summary>Where the signing keys lie, as far as the journal says it.</summary>
    public JournalKeys Keys { get; init; } = JournalKeys.None;

    /// <summary>Whether the last entry is a seal, so that closing again adds none.</summary>
    public required bool IsSealed { get; init; }

    public required RangeAllocation Ranges { get; init; }

    /// <summary>Number of the last grant of further ranges that the chain took note of; 0 if none.</summary>
    public int Grants { get; init; }

    public required ImmutableDictionary<LineKey, LineState> Lines { get; init; }

    /// <summary>Leases that are not over, by line, the oldest first.</summary>
    public ImmutableDictionary<LineKey, ImmutableArray<LeaseState>> Leases { get; init; } = ImmutableDictionary<LineKey, ImmutableArray<LeaseState>>.Empty;

    /// <summary>Highest id of a lease of this chain; 0 if there was none.</summary>
    public ulong LastLease { get; init; }

    /// <summary>Registers that an operator stated to be new.</summary>
    public required ImmutableHashSet<RegisterId> StatedNew { get; init; }

    /// <summary>The shop's catalogue in force; <see langword="null"/> if there is none, or the journal is only read.</summary>
    public ShopCatalogue? Catalogue { get; init; }

    public required UplinkPosition Uplink { get; init; }

    /// <summary>What the newest verified watermark is named by in entries; none before the first.</summary>
    public required Anchor? Anchor { get; init; }

    public required long VerdictCursor { get; init; }

    public required long Held { get; init; }

    public required long Conflicts { get; init; }

    public required long Parked { get; init; }

    public ChainId Chain => Head.Chain;

    public bool Knows(RegisterId register) => Lines.Values.Any(line => line.Register == register);
}
