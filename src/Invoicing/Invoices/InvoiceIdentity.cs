namespace Invoicing.Invoices;

/// <summary>What makes an invoice one of its kind, and what its customer holds on paper: never issued a second time.</summary>
/// <param name="Code">The authority code.</param>
/// <param name="Series">The series.</param>
/// <param name="Number">The number in the series, 1..99,999,999.</param>
public readonly record struct InvoiceIdentity(AuthorityCode Code, InvoiceSeries Series, int Number);
