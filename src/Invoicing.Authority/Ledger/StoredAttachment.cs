namespace Invoicing.Authority.Ledger;

/// <summary>Bytes beside an entry that can be erased without touching it (design.md 5.13).</summary>
/// <param name="Slot">Which of the body's references, from 0.</param>
/// <param name="Salt">16 random bytes.</param>
/// <param name="Content">The bytes.</param>
internal sealed record StoredAttachment(int Slot, ReadOnlyMemory<byte> Salt, ReadOnlyMemory<byte> Content);
