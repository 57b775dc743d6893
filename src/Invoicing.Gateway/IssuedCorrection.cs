using Invoicing.Chain;
using Invoicing.Invoices;

namespace Invoicing.Gateway;

/// <summary>A durable, signed correction.</summary>
/// <param name="Correction">What was put right; with its new invoice, unless it is a notice.</param>
/// <param name="Entry">Its entry in the chain.</param>
/// <param name="Lookup">Text for the new receipt's lookup QR code; empty for a notice.</param>
public sealed record IssuedCorrection(Correction Correction, SignedEntry Entry, string Lookup);
