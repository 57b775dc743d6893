using Invoicing.Invoices;

namespace Invoicing.Authority.Ledger;

/// <summary>An invoice that is put right.</summary>
/// <param name="Code">Its authority code.</param>
/// <param name="Type">How.</param>
internal readonly record struct CorrectionClaim(AuthorityCode Code, CorrectionType Type);
