using System.Collections.Immutable;

namespace Invoicing.NationalXml.Responses;

/// <summary>What a 301 says of one invoice of a notice.</summary>
/// <param name="Invoice">Which; <see langword="null"/> for all of the notice.</param>
/// <param name="IsTaken">Whether the notice was taken (TTTNCCQT 1) or not (2).</param>
/// <param name="Reasons">Why not.</param>
public sealed record NoticeAnswer(InvoiceName? Invoice, bool IsTaken, ImmutableArray<ResponseReason> Reasons);
