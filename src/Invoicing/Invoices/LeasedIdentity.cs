namespace Invoicing.Invoices;

/// <summary>Code and number that a register printed from a lease.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Identity">Code, series and number.</param>
public readonly record struct LeasedIdentity(ulong Lease, InvoiceIdentity Identity);
