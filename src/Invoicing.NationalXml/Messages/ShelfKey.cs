using Invoicing.Invoices;

namespace Invoicing.NationalXml.Messages;

/// <summary>What all invoices of one message have in common, beside the seller.</summary>
internal readonly record struct ShelfKey(string Version, InvoiceKind Kind, InvoiceSeries Series);
