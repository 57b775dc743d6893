using System.Collections.Immutable;
using Invoicing.Chain;
using Invoicing.Invoices;

namespace Invoicing.NationalXml.Responses;

/// <summary>Says what a response means for each invoice of the message that it is about. Pure.</summary>
public static class ResponseJudgement
{
    private const int MaxRule = 40; // as in a verdict

    /// <summary>Judges.</summary>
    /// <param name="response">The response.</param>
    /// <param name="invoices">The invoices of the message, in their order.</param>
    /// <returns>
    /// One answer for each invoice; empty for a 999 that took the message, which says nothing of invoices yet. Where a 204 lists a reason that
    /// names no invoice of the message, those that are not listed are <i>not judged</i>, never accepted: one of them may be meant.
    /// </returns>
    public static ImmutableArray<InvoiceAnswer> Of(NationalResponse response, IReadOnlyList<InvoiceIdentity> invoices)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(invoices);
        return response switch
        {
            NationalResponse.Receipt { IsTaken: true } => [],
            NationalResponse.Receipt receipt => All(invoices, "999", receipt.Reasons),
            NationalResponse.Checked { Outcome: CheckOutcome.Accepted } => [.. invoices.Select(Accepted)],
            NationalResponse.Checked { Outcome: CheckOutcome.AllRejected } whole => All(invoices, "204/9", whole.Reasons),
            NationalResponse.Checked some => Some(some.Reasons, invoices),
            NationalResponse.NoticeAnswered notice => Notices(notice.Answers, invoices),
            _ => throw new InvalidOperationException($"expected a known response, found {response.GetType()}"),
        };
    }

    private static ImmutableArray<InvoiceAnswer> Some(ImmutableArray<ResponseReason> reasons, IReadOnlyList<InvoiceIdentity> invoices)
    {
        ILookup<InvoiceIdentity, ResponseReason> listed = reasons
            .SelectMany(reason => invoices.Where(invoice => reason.Invoice?.Names(invoice) == true).Select(invoice => (invoice, reason)))
            .ToLookup(pair => pair.invoice, pair => pair.reason);
        ResponseReason? lost = reasons.FirstOrDefault(reason => !invoices.Any(invoice => reason.Invoice?.Names(invoice) == true));
        return
        [
            .. invoices.Select(invoice => listed.Contains(invoice) ? Rejected(invoice, "204/7", [.. listed[invoice]])
                : lost is null ? Accepted(invoice)
                : new(
                    invoice, VerdictOutcomeKind.NotJudged, Rule("204/7", lost.Code),
                    $"expected a reason that names an invoice of this message, found '{lost.Text}', which may mean this one", lost.Advice)),
        ];
    }

    private static ImmutableArray<InvoiceAnswer> Notices(ImmutableArray<NoticeAnswer> answers, IReadOnlyList<InvoiceIdentity> invoices) =>
    [
        .. invoices.Select(invoice => answers.FirstOrDefault(answer => answer.Invoice is null || answer.Invoice.Value.Names(invoice)) switch
        {
            { IsTaken: true } => Accepted(invoice),
            { } refused => Rejected(invoice, "301/2", refused.Reasons),
            null => new(invoice, VerdictOutcomeKind.NotJudged, "301", "expected an answer for this invoice, found none in the response", string.Empty),
        }),
    ];

    private static ImmutableArray<InvoiceAnswer> All(
        IReadOnlyList<InvoiceIdentity> invoices, string source, ImmutableArray<ResponseReason> reasons) =>
        [.. invoices.Select(invoice => Rejected(invoice, source, reasons))];

    private static InvoiceAnswer Accepted(InvoiceIdentity invoice) =>
        new(invoice, VerdictOutcomeKind.Accepted, string.Empty, string.Empty, string.Empty);

    private static InvoiceAnswer Rejected(InvoiceIdentity invoice, string source, ImmutableArray<ResponseReason> reasons) => new(
        invoice, VerdictOutcomeKind.Rejected, Rule(source, reasons.IsEmpty ? string.Empty : reasons[0].Code),
        reasons.IsEmpty ? "rejected without a reason" : string.Join("; ", reasons.Select(reason => reason.Text).Distinct(StringComparer.Ordinal)),
        string.Join("; ", reasons.Select(reason => reason.Advice).Where(advice => advice.Length > 0).Distinct(StringComparer.Ordinal)));

    private static string Rule(string source, string code)
    {
        string rule = code.Length == 0 ? source : $"{source}/{code}";
        return rule.Length <= MaxRule ? rule : rule[..MaxRule];
    }
}
