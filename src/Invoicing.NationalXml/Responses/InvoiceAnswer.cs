using Invoicing.Chain;
using Invoicing.Invoices;

namespace Invoicing.NationalXml.Responses;

/// <summary>What a response means for one invoice of the message that it is about, in the common shape of verdicts.</summary>
/// <param name="Invoice">Which.</param>
/// <param name="Outcome">Accepted, rejected, or not judged where a reason names no invoice of the message.</param>
/// <param name="Rule">Where it comes from: type, LTBao and code (<c>204/7/1001</c>), at most 40 characters; empty where it is accepted.</param>
/// <param name="Text">The reason in words.</param>
/// <param name="Advice">What to do about it; empty where nothing is said.</param>
public sealed record InvoiceAnswer(InvoiceIdentity Invoice, VerdictOutcomeKind Outcome, string Rule, string Text, string Advice);
