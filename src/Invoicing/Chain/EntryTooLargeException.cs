namespace Invoicing.Chain;

/// <summary>Content does not fit a body.</summary>
/// <param name="kind">What it states.</param>
/// <param name="found">Its length in bytes.</param>
/// <param name="limit">Most bytes.</param>
public sealed class EntryTooLargeException(EntryKind kind, int found, int limit)
    : InvoicingException($"expected {kind} content of at most {limit} bytes, found {found}")
{
    /// <summary>Its length in bytes.</summary>
    public int Found { get; } = found;

    /// <summary>Most bytes.</summary>
    public int Limit { get; } = limit;
}
