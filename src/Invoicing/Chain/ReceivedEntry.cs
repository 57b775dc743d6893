using Invoicing.Signing;

namespace Invoicing.Chain;

/// <summary>An entry as it came from a peer or a disk: nothing of it is verified yet.</summary>
/// <param name="Body">Said to be the signed bytes.</param>
/// <param name="Signature">Said to be the signature over them.</param>
public readonly record struct ReceivedEntry(ReadOnlyMemory<byte> Body, EcdsaSignature Signature);
