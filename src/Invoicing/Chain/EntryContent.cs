namespace Invoicing.Chain;

/// <summary>What an entry is to state, serialised and not yet placed in a chain.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Bytes">The content message of <c>entry.proto</c>, in canonical form.</param>
public readonly record struct EntryContent(EntryKind Kind, ReadOnlyMemory<byte> Bytes);
