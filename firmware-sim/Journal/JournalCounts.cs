using System.Runtime.InteropServices;
using FirmwareSim.Records;

namespace FirmwareSim.Journal;

/// <summary>How many records there ever were in this journal, dropped ones included.</summary>
/// <param name="Sales">Records of kind SALE.</param>
/// <param name="Records">All records.</param>
/// <param name="Issued">With an invoice.</param>
/// <param name="Held">Recorded, waiting for a person.</param>
/// <param name="Recorded">Recorded, no invoice due.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JournalCounts(long Sales, long Records, long Issued, long Held, long Recorded)
{
    /// <summary>Records that have their result.</summary>
    public long Acknowledged => Issued + Held + Recorded;

    public JournalCounts With(JournalRecord record) => this with
    {
        Sales = Sales + (record.IsSale ? 1 : 0),
        Records = Records + 1,
        Issued = Issued + (record.Result?.Outcome == Outcome.Issued ? 1 : 0),
        Held = Held + (record.Result?.Outcome == Outcome.Held ? 1 : 0),
        Recorded = Recorded + (record.Result?.Outcome == Outcome.Recorded ? 1 : 0),
    };

    /// <summary>A record that was counted before gets its first or another result.</summary>
    public JournalCounts Replacing(RecordResult? old, RecordResult now) => this with
    {
        Issued = Issued + Count(Outcome.Issued, old, now),
        Held = Held + Count(Outcome.Held, old, now),
        Recorded = Recorded + Count(Outcome.Recorded, old, now),
    };

    private static long Count(Outcome outcome, RecordResult? old, RecordResult now) =>
        (now.Outcome == outcome ? 1 : 0) - (old?.Outcome == outcome ? 1 : 0);
}
