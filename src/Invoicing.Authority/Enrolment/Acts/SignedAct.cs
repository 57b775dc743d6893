using Invoicing.Signing;

namespace Invoicing.Authority.Enrolment.Acts;

/// <summary>An act as it is stored.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Body">ActBody exactly as signed.</param>
/// <param name="Signature">Signature over it.</param>
internal sealed record SignedAct(long Number, ReadOnlyMemory<byte> Body, EcdsaSignature Signature);
