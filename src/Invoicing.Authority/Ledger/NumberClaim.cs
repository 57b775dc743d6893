using Invoicing.Invoices;

namespace Invoicing.Authority.Ledger;

/// <summary>An invoice number: unique in its seller's series.</summary>
/// <param name="Range">The granted range that it lies in.</param>
/// <param name="Number">The number.</param>
internal readonly record struct NumberClaim(NumberRange Range, int Number);
