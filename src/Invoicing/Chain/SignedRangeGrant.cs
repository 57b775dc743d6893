using Invoicing.Signing;

namespace Invoicing.Chain;

/// <summary>A range grant's bytes as they travel and are stored.</summary>
/// <param name="Body">RangeGrantBody, exactly as signed.</param>
/// <param name="Signature">Signature over it.</param>
public sealed record SignedRangeGrant(ReadOnlyMemory<byte> Body, EcdsaSignature Signature);
