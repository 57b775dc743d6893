using Invoicing.Invoices;

namespace Invoicing.NationalXml.Messages;

/// <summary>An invoice that a message bears, and where it stands in its chain.</summary>
/// <param name="Invoice">Code, series and number.</param>
/// <param name="Position">Position of its entry; 0 where there is none.</param>
public readonly record struct MessagePart(InvoiceIdentity Invoice, long Position);
