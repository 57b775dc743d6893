using Invoicing.Signing;

namespace Invoicing.Chain;

/// <summary>A verdict's bytes as they travel and are stored.</summary>
/// <param name="Body">VerdictBody, exactly as signed.</param>
/// <param name="Signature">Signature over it.</param>
public sealed record SignedVerdict(ReadOnlyMemory<byte> Body, EcdsaSignature Signature);
