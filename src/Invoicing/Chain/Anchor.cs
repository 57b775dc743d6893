using Invoicing.Hashing;

namespace Invoicing.Chain;

/// <summary>The newest verified watermark, named inside an entry: proof that the entry was made after it.</summary>
/// <param name="WatermarkHash">Hash of the watermark's signed root.</param>
/// <param name="LedgerTime">The authority's clock, UTC, milliseconds since 1970-01-01.</param>
public readonly record struct Anchor(Sha256Hash WatermarkHash, long LedgerTime);
