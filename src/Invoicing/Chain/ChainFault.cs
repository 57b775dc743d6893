namespace Invoicing.Chain;

/// <summary>Why an entry cannot follow in its chain.</summary>
/// <param name="Reason">Kind of fault.</param>
/// <param name="Position">Position of the entry, as it should have been.</param>
/// <param name="Text">What was expected and what was found.</param>
public sealed record ChainFault(ChainFaultReason Reason, long Position, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"entry {Position}: {Text} ({Reason})";
}
