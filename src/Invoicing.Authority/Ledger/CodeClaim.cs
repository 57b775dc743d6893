using Invoicing.Invoices;

namespace Invoicing.Authority.Ledger;

/// <summary>Digits of an authority code: unique under their block.</summary>
/// <param name="Range">The granted range that they lie in.</param>
/// <param name="Digits">The digits.</param>
internal readonly record struct CodeClaim(CodeRange Range, long Digits);
