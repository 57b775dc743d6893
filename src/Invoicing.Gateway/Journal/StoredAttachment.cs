namespace Invoicing.Gateway.Journal;

/// <summary>Bytes that travel beside an entry.</summary>
/// <param name="Salt">The salt of their commitment.</param>
/// <param name="Content">The bytes.</param>
internal sealed record StoredAttachment(ReadOnlyMemory<byte> Salt, ReadOnlyMemory<byte> Content);
