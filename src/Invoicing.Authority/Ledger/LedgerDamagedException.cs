namespace Invoicing.Authority.Ledger;

/// <summary>The ledger's own files say things that cannot all be true. Never repaired in silence.</summary>
/// <param name="message">Where, what was expected, what was found.</param>
internal sealed class LedgerDamagedException(string message) : InvoicingException(message);
