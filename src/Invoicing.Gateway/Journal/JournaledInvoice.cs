using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Gateway.Journal;

/// <summary>An invoice or a correction of a journal.</summary>
/// <param name="Position">Position of its entry.</param>
/// <param name="RecordedAt">When it was recorded.</param>
/// <param name="Invoice">The invoice; <see langword="null"/> for a notice, which has none.</param>
/// <param name="Correction">The correction; <see langword="null"/> for a first invoice.</param>
/// <param name="Buyer">Who bought; <see langword="null"/> where nobody was named, or the data was erased.</param>
public sealed record JournaledInvoice(long Position, DateTimeOffset RecordedAt, Invoice? Invoice, Correction? Correction, Buyer? Buyer);
