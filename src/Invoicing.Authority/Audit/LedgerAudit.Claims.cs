using Invoicing.Authority.Intake;
using Invoicing.Authority.Ledger;
using Invoicing.Chain;

namespace Invoicing.Authority.Audit;

/// <summary>Claims and verdicts of one entry.</summary>
internal sealed partial class LedgerAudit
{
    /// <summary>Checks the verdicts on an entry.</summary>
    /// <returns>Whether one of them rejects it or leaves it unjudged.</returns>
    private bool HasRejection(string where, AuditedChain chain, VerifiedEntry entry)
    {
        bool isRejected = false;
        while (chain.NextVerdict() is { } stored && stored.Position <= entry.Fields.Position)
        {
            chain.TakeVerdict();
            _report.Verdicts++;
            if (Verdict.Verify(stored.Statement, _anchors, out Verdict? verdict) is { } fault)
            {
                _report.Add($"{where}: verdict {stored.Number}: {fault}");
            }
            else if (verdict!.Number != stored.Number || verdict.Chain != chain.Stored.Chain || verdict.Position != entry.Fields.Position
                || verdict.EntryHash != entry.Entry.Hash)
            {
                _report.Add(
                    $"{where}: expected verdict {stored.Number} on this entry, found verdict {verdict.Number} on chain {verdict.Chain}, position {verdict.Position}, hash {verdict.EntryHash}");
            }
            else
            {
                isRejected |= verdict.Outcome != VerdictOutcomeKind.Accepted;
            }
        }

        return isRejected;
    }

    private void CheckClaims(string where, AuditRow row, VerifiedEntry verified, AuditedChain chain, bool isRejected)
    {
        // What the entry says it would claim, judged anew. Ranges of other gateways of the seller are as the lines name them.
        PreparedEntry judged = new EntryJudge(chain.Grant, () => [], chain.FurtherOf).Judge(verified, []);
        chain.Note(verified, _anchors);
        Claims wanted = judged.Claims;
        string seller = chain.Grant.Seller.TaxCode.ToString();
        if (judged.Fault is not null && !isRejected && !IsRecovered(verified))
        {
            _report.Add($"{where}: expected a verdict by rule {judged.Fault.Rule} ({judged.Fault.Text}), found none");
        }

        CheckDay(where, chain, verified);
        bool isHeld = Check(where, row.Record, wanted.Record is { } r ? (1, r.Register, seller, r.Epoch, r.Sequence) : null, isRejected);
        bool isCoded =
            ContentFields.Read(verified.Fields.Kind, verified.Fields.Content(verified.Entry.Body.Span), out ContentFields fields) is null
            && fields.Code is not null
            ? Check(where, row.Code, (2, fields.Code!.Value.Block, string.Empty, 0UL, fields.Code.Value.Digits), isRejected)
                & Check(where, row.Number, (3, fields.Series.ToString(), seller, 0UL, fields.Number), isRejected)
            : Check(where, row.Code, null, isRejected) & Check(where, row.Number, null, isRejected);
        if (!isHeld || !isCoded)
        {
            _report.Add($"{where}: expected each claim to be what the body says, made once, or refused with a verdict, found otherwise");
        }
    }

    private static bool IsRecovered(VerifiedEntry entry) =>
        ContentFields.Read(entry.Fields.Kind, entry.Fields.Content(entry.Entry.Body.Span), out ContentFields fields) is null
        && fields.Record is { IsRecovered: true };

    /// <summary>One claim: as the body says, in its line, for the first time; or none, with a verdict.</summary>
    private bool Check(
        string where, AuditClaim? stored, (int Kind, string Name, string Seller, ulong Epoch, long Value)? wanted, bool isRejected)
    {
        if (stored is not { } claim)
        {
            return wanted is null || isRejected;
        }

        if (!_lines.TryGetValue(claim.Line, out (AuditLine Stored, LineUse Use) line))
        {
            _report.Add($"{where}: expected line {claim.Line} of its claim, found none");
            return false;
        }

        if (!line.Use.Claim(claim.Value))
        {
            _report.Add($"{where}: expected value {claim.Value} of line {claim.Line} ({line.Stored.Name}) to be claimed once, found it claimed again");
            return false;
        }

        return wanted is { } w && line.Stored.Kind == w.Kind && line.Stored.Name == w.Name && line.Stored.Seller == w.Seller
            && line.Stored.Epoch == w.Epoch && claim.Value == w.Value && claim.Value >= line.Stored.First && claim.Value <= line.Stored.Last;
    }
}
