using Invoicing.Chain;

namespace Invoicing.Authority.Feed;

/// <summary>What a follower wants.</summary>
internal sealed record FeedQuery
{
    /// <summary>Most chains or sellers of a filter. Source: <c>feed.proto</c>.</summary>
    public const int MaxFilter = 1_024;

    /// <summary>First index, from 1.</summary>
    public long From { get; init; } = 1;

    /// <summary>Last index; 0: never ends.</summary>
    public long Until { get; init; }

    /// <summary>Only these chains; empty: all.</summary>
    public IReadOnlySet<ChainId> Chains { get; init; } = new HashSet<ChainId>();

    /// <summary>Only these sellers; empty: all.</summary>
    public IReadOnlySet<string> Sellers { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Sellers that the reader may see at all, whatever he wants; <see langword="null"/>: all.</summary>
    public IReadOnlySet<string>? Scope { get; init; }

    /// <summary>Longest silence wanted.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether a frame passes the filters.</summary>
    public bool Takes(FeedFrame frame) =>
        (Scope is null || Scope.Contains(frame.Seller)) && (Chains.Count == 0 || Chains.Contains(frame.Chain)) && (Sellers.Count == 0 || Sellers.Contains(frame.Seller));
}
