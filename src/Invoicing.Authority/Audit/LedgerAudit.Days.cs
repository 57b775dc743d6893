using System.Globalization;
using Invoicing.Chain;
using Invoicing.Invoices;

namespace Invoicing.Authority.Audit;

/// <summary>Day closes against the entries that the ledger holds of the register: the authority's side of the reconciliation.</summary>
internal sealed partial class LedgerAudit
{
    /// <summary>What was coded since the last close of a register's epoch: a few numbers for each.</summary>
    private readonly Dictionary<(ChainId Chain, string Register, ulong Epoch), Dictionary<DayPart, (long Count, Int128 Total)>> _days = [];

    private void CheckDay(string where, AuditedChain chain, VerifiedEntry verified)
    {
        ReadOnlySpan<byte> content = verified.Fields.Content(verified.Entry.Body.Span);
        if (ContentFields.Read(verified.Fields.Kind, content, out ContentFields fields) is not null || fields.Record is not { } record
            || fields.Resolves is not null || verified.Fields.Kind == EntryKind.Conflict)
        {
            return; // what closes a hole belongs to the day of the hole
        }

        (ChainId, string, ulong) key = (chain.Stored.Chain, record.Key.Register.Value, record.Key.Epoch);
        if (!_days.TryGetValue(key, out Dictionary<DayPart, (long Count, Int128 Total)>? day))
        {
            _days.Add(key, day = []);
        }

        if (verified.Fields.Kind == EntryKind.DayClose)
        {
            try
            {
                CompareDay(where, DayCloseContents.Read(content), day);
            }
            catch (InvoicingException fault)
            {
                _report.Add($"{where}: {fault.Message}"); // a device can sign anything; that ends no audit
            }

            day.Clear();
        }
        else if (PartOf(verified.Fields.Kind, fields) is { } part)
        {
            (long count, Int128 total) = day.GetValueOrDefault(part);
            day[part] = (count + 1, total + fields.Total);
        }
    }

    private static DayPart? PartOf(EntryKind kind, in ContentFields fields) => (kind, fields.Correction) switch
    {
        (EntryKind.Invoice, _) => DayPart.Invoice,
        (EntryKind.Correction, CorrectionType.Replacement) => DayPart.Replacement,
        (EntryKind.Correction, CorrectionType.Adjustment) => DayPart.Adjustment,
        _ => null, // held records are told by holes and events, which only the device can tell apart
    };

    private void CompareDay(string where, DayClose close, Dictionary<DayPart, (long Count, Int128 Total)> day)
    {
        foreach (DayPart part in (DayPart[])[DayPart.Invoice, DayPart.Replacement, DayPart.Adjustment])
        {
            (long count, Int128 total) = day.GetValueOrDefault(part);
            if (close.Recorded.Count(part) != count || close.Recorded.TotalOf(part).Dong != total)
            {
                _report.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{where}: expected the day of {close.Date:yyyy-MM-dd} to close with {count} of {part} over {total} đồng, as the ledger holds, found {close.Recorded.Count(part)} over {close.Recorded.TotalOf(part)}"));
            }
        }
    }
}
