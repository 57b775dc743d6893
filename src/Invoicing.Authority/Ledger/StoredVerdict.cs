using Invoicing.Chain;

namespace Invoicing.Authority.Ledger;

/// <summary>A verdict as stored.</summary>
/// <param name="Number">From 1, contiguous per chain.</param>
/// <param name="Position">The entry judged.</param>
/// <param name="Statement">Body and signature.</param>
internal sealed record StoredVerdict(long Number, long Position, SignedVerdict Statement);
