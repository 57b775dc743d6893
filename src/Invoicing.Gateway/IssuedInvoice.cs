using Invoicing.Chain;
using Invoicing.Invoices;

namespace Invoicing.Gateway;

/// <summary>A durable, coded, signed invoice.</summary>
/// <param name="Invoice">The tax document.</param>
/// <param name="Entry">Its entry in the chain: position, signed bytes, hash, signature.</param>
/// <param name="Lookup">Text for the receipt's lookup QR code.</param>
public sealed record IssuedInvoice(Invoice Invoice, SignedEntry Entry, string Lookup);
