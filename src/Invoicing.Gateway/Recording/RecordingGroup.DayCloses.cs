using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Gateway.Recording;

/// <content>Day closes. Each has a group of its own, so that everything before it is stored and can be added up.</content>
internal sealed partial class RecordingGroup
{
    private RecordResult EnterDayClose(PreparedRecord record, LineState line, IntendedEntry.Close close)
    {
        ulong sequence = record.Key.Key.Sequence;
        ulong first = _stored().FindDayClose(line.Id, sequence) + 1;
        DayTotals totals = _stored().Count(line.Id, first, sequence - 1);
        var content = new DayClose(close.Date, first, sequence - 1, totals, close.Stated);
        PendingEntry entry = Append(DayCloseContents.From(content, record.Key, References(record.Attachment)), record.Attachment);
        Write(file => file.InsertDayClose(line.Id, sequence, entry.Unsigned.Position));
        RecordResult result = new(new RecordOutcome.Recorded());
        Keep(record, line, entry, StoredOutcome.Recorded, reason: null, result);
        return result;
    }
}
