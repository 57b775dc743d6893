using System.Globalization;
using Invoicing.Authority.Ledger;
using Invoicing.Chain;
using Invoicing.Invoices;
using Invoicing.Signing;

namespace Invoicing.Authority.Intake;

/// <summary>Judges one verified entry by the rules that need no other entry, and finds what it claims for itself. Pure.</summary>
/// <remarks>
/// A broken rule never blocks the chain: the entry is stored and a verdict says what is wrong. What needs other entries (code, number,
/// register's record used before) the ledger judges as it takes the claims.
/// </remarks>
/// <param name="grant">What the chain was granted.</param>
/// <param name="grantsOfSeller">All grants of the seller, for codes and numbers that another gateway had given.</param>
/// <param name="further">Ranges granted to an enrolment behind those of its record.</param>
internal sealed class EntryJudge(
    EnrolmentGrant grant, Func<IReadOnlyList<EnrolmentGrant>> grantsOfSeller, Func<ChainId, IReadOnlyList<RangeGrant>> further)
{

    /// <summary>Judges.</summary>
    /// <param name="verified">The entry.</param>
    /// <param name="submitted">What came beside it.</param>
    public PreparedEntry Judge(VerifiedEntry verified, IReadOnlyList<SubmittedAttachment> submitted)
    {
        SignedEntry entry = verified.Entry;
        if (!verified.Fields.IsKnownFormat)
        {
            var unknown = new EntryFault(
                VerdictOutcomeKind.NotJudged, "AUTH-FORMAT", $"expected format 1, found format {verified.Fields.Format}: judged after an upgrade");
            return new(entry, default, unknown, []);
        }

        ReadOnlySpan<byte> content = verified.Fields.Content(entry.Body.Span);
        var faults = new List<(string Rule, string Text)>();
        Claims claims = default;
        if (ContentFields.Read(entry.Kind, content, out ContentFields fields) is { } unreadable)
        {
            faults.Add(("AUTH-CONTENT", unreadable));
        }
        else
        {
            claims = ClaimsOf(entry.Kind, fields, faults);
        }

        if (entry.Kind == EntryKind.Lease && LeaseFault(content) is { } lease)
        {
            faults.Add(("AUTH-LEASE", lease));
        }

        if (entry.Kind == EntryKind.Range && RangeFault(content) is { } range)
        {
            faults.Add(("AUTH-RANGE", range));
        }

        IReadOnlyList<StoredAttachment> attachments = submitted.Count == 0 ? [] : Match(submitted, AttachmentReferences.Read(entry.Kind, content), faults);
        return new(entry, claims, ToFault(faults), attachments);
    }

    private static EntryFault? ToFault(List<(string Rule, string Text)> faults)
    {
        if (faults.Count == 0)
        {
            return null;
        }

        string text = string.Join("; ", faults.Select(f => f.Text));
        return new(VerdictOutcomeKind.Rejected, faults[0].Rule, text.Length <= IntakeLimits.Text ? text : text[..(IntakeLimits.Text - 1)] + "…");
    }

    private static List<StoredAttachment> Match(
        IReadOnlyList<SubmittedAttachment> submitted, IReadOnlyList<AttachmentReference> references, List<(string, string)> faults)
    {
        var matching = new List<StoredAttachment>(submitted.Count);
        for (int i = 0; i < submitted.Count; i++)
        {
            if (i < references.Count && references[i].Matches(submitted[i].Salt.Span, submitted[i].Content.Span))
            {
                matching.Add(new(i, submitted[i].Salt, submitted[i].Content));
            }
            else
            {
                faults.Add(("AUTH-ATTACHMENT", $"expected attachment {i} to be what the entry commits to, found other bytes: send it again"));
            }
        }

        return matching;
    }

    private Claims ClaimsOf(EntryKind kind, in ContentFields fields, List<(string Rule, string Text)> faults)
    {
        RecordClaim? record = null;

        // A conflict names a record a second time on purpose.
        if (fields.Record is { } key && kind != EntryKind.Conflict)
        {
            if (key.Key.Sequence > EntryFields.MaxPosition - 1)
            {
                faults.Add(("AUTH-SEQUENCE", $"expected a register's sequence below 2^62, found {key.Key.Sequence}"));
            }
            else
            {
                record = new(key.Key.Register.Value, key.Key.Epoch, (long)key.Key.Sequence);
            }
        }

        // The record of an invoice that closes a hole was claimed by the hole; the ledger sees to it that a hole is closed once.
        record = fields.Resolves is null ? record : null;
        if (fields.CorrectedCode is { } corrected)
        {
            JudgeCorrection(corrected, fields, faults);
        }

        Claims claims = fields.Code is null ? new(record, null, null) : InvoiceClaims(fields, record, faults);
        return claims with
        {
            Resolves = fields.Resolves,
            Corrects = fields.CorrectedCode is { } code ? new(code, fields.Correction) : null,
        };
    }

    /// <summary>What a correction must be without knowing what it corrects: of this seller, of the same kind, and a return if it adjusts.</summary>
    private void JudgeCorrection(AuthorityCode corrected, in ContentFields fields, List<(string Rule, string Text)> faults)
    {
        if (FindCodes(corrected, isRecovered: true) is null)
        {
            faults.Add(("AUTH-CORRECTED-RANGE", $"expected the corrected invoice's code in a range granted to this seller, found {corrected}"));
        }

        if (fields.Code is { } code && code.Kind != corrected.Kind)
        {
            faults.Add(("AUTH-CORRECTED-KIND", $"expected a correction of the same kind as {corrected}, found {code}"));
        }

        if (fields.Code is { } own && own == corrected)
        {
            faults.Add(("AUTH-CORRECTED", $"expected an earlier invoice to be corrected, found the correction's own code {own}"));
        }

        bool isReturn = fields.Correction != CorrectionType.Adjustment || fields.Total <= 0;
        if (!isReturn)
        {
            faults.Add(("AUTH-ADJUSTMENT", string.Create(
                CultureInfo.InvariantCulture,
                $"expected an adjustment of a cash-register invoice to give back goods (a total of 0 or less), found {fields.Total}: replace the invoice")));
        }
    }

    private Claims InvoiceClaims(in ContentFields fields, RecordClaim? record, List<(string Rule, string Text)> faults)
    {
        AuthorityCode code = fields.Code!.Value;
        string seller = grant.Seller.TaxCode.ToString();
        if (fields.SellerTaxCode != seller)
        {
            faults.Add(("AUTH-SELLER", $"expected seller {seller} of this device, found {fields.SellerTaxCode}"));
        }

        if ((int)code.Kind != fields.InvoiceKind || code.Kind != grant.Kind)
        {
            faults.Add(("AUTH-KIND", $"expected kind {(int)grant.Kind} in invoice and code, found {fields.InvoiceKind} and {(int)code.Kind}"));
        }

        int year = fields.IssueDate / 10_000 % 100;
        if (code.Year != year || fields.Series.Year != year)
        {
            faults.Add(("AUTH-YEAR", string.Create(
                CultureInfo.InvariantCulture, $"expected year {year:00} of the date of issue in code and series, found {code.Year:00} and {fields.Series.Year:00}")));
        }

        if (fields.RateSums != fields.Total)
        {
            faults.Add(("AUTH-TOTAL", string.Create(
                CultureInfo.InvariantCulture, $"expected the total to be the sum of all rates, {fields.RateSums}, found {fields.Total}")));
        }

        bool isRecovered = fields.Record is { IsRecovered: true };
        CodeClaim? codeClaim = FindCodes(code, isRecovered) is { } codes ? new(codes, code.Digits) : null;
        if (codeClaim is null)
        {
            faults.Add(("AUTH-CODE-RANGE", $"expected a code in a range granted to {(isRecovered ? "this seller" : "this chain")}, found {code}"));
        }

        NumberClaim? numberClaim = FindNumbers(fields.Series, fields.Number, isRecovered) is { } numbers ? new(numbers, fields.Number) : null;
        if (numberClaim is null)
        {
            faults.Add(("AUTH-NUMBER-RANGE", string.Create(
                CultureInfo.InvariantCulture,
                $"expected a number in a range granted to {(isRecovered ? "this seller" : "this chain")}, found {fields.Series} {fields.Number}")));
        }

        return new(record, codeClaim, numberClaim);
    }

    /// <summary>
    /// What is wrong with a lease by itself: it hands out what the chain was granted. Which codes it makes use of is found where every code is:
    /// whoever comes second has it refused.
    /// </summary>
    private string? LeaseFault(ReadOnlySpan<byte> content)
    {
        if (LeaseContents.Read(content, out RegisterLease? read, out _) is { } unreadable)
        {
            return unreadable;
        }

        RegisterLease lease = read!;
        bool isGranted = CodesOf(grant).Any(range => range.Block == lease.Codes.Block && range.First <= lease.Codes.First && lease.Codes.Last <= range.Last)
            && NumbersOf(grant).Any(range =>
                range.Series == lease.Numbers.Series && range.First <= lease.Numbers.First && lease.Numbers.Last <= range.Last);
        return isGranted ? null : $"expected a lease of codes and numbers granted to this chain, found {lease.Codes} and {lease.Numbers}";
    }

    /// <summary>What is wrong with a grant that the chain took note of: it was made for this enrolment, by a key of its record.</summary>
    private string? RangeFault(ReadOnlySpan<byte> content)
    {
        var anchors = grant.Anchors.Select(a => VerifyingKey.Import(a.Span)).ToDictionary(k => k.KeyId);
        try
        {
            return RangeGrant.ReadContent(content, anchors, out RangeGrant? noted) is { } fault ? fault
                : noted!.Enrolment != grant.Id ? $"expected a grant for enrolment {grant.Id}, found one for {noted.Enrolment}"
                : null;
        }
        finally
        {
            foreach (VerifyingKey key in anchors.Values)
            {
                key.Dispose();
            }
        }
    }

    private IEnumerable<CodeRange> CodesOf(EnrolmentGrant granted) => granted.Codes.Concat(further(granted.Id).Select(g => g.Codes).OfType<CodeRange>());

    private IEnumerable<NumberRange> NumbersOf(EnrolmentGrant granted) =>
        granted.Numbers.Concat(further(granted.Id).Select(g => g.Numbers).OfType<NumberRange>());

    private CodeRange? FindCodes(AuthorityCode code, bool isRecovered)
    {
        // The record's own first: nearly always it is one of them, and nothing is asked of the registry.
        foreach (CodeRange range in grant.Codes)
        {
            if (Holds(range, code))
            {
                return range;
            }
        }

        return CodesOf(grant).FirstOrDefault(r => Holds(r, code))
            ?? (isRecovered ? grantsOfSeller().SelectMany(CodesOf).FirstOrDefault(r => Holds(r, code)) : null);

        static bool Holds(CodeRange range, AuthorityCode code) =>
            range.Block == code.Block && range.First <= code.Digits && code.Digits <= range.Last;
    }

    private NumberRange? FindNumbers(InvoiceSeries series, int number, bool isRecovered)
    {
        foreach (NumberRange range in grant.Numbers)
        {
            if (Holds(range, series, number))
            {
                return range;
            }
        }

        return NumbersOf(grant).FirstOrDefault(r => Holds(r, series, number))
            ?? (isRecovered ? grantsOfSeller().SelectMany(NumbersOf).FirstOrDefault(r => Holds(r, series, number)) : null);

        static bool Holds(NumberRange range, InvoiceSeries series, int number) =>
            range.Series == series && range.First <= number && number <= range.Last;
    }
}
