namespace Invoicing.Authority.Feed;

/// <summary>Who reads the feed.</summary>
/// <param name="Client">Names the reader, so that his streams can be ended.</param>
/// <param name="Scope">Sellers whose entries he may see; <see langword="null"/>: all.</param>
internal sealed record FeedReader(long Client, IReadOnlySet<string>? Scope)
{
    /// <summary>Whether both are the same reader who may see the same.</summary>
    public bool Equals(FeedReader? other) => other is not null && Client == other.Client
        && (Scope is null ? other.Scope is null : other.Scope is not null && Scope.SetEquals(other.Scope));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Client, Scope?.Count);
}
