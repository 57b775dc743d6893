using System.Globalization;
using FirmwareSim.Journal;

namespace FirmwareSim.Running;

/// <summary>What a register has done, all its starts together.</summary>
/// <param name="Serial">The register.</param>
/// <param name="Epoch">Its journal's epoch.</param>
/// <param name="Boot">How often it was started.</param>
/// <param name="RungUp">Sales in the journal.</param>
/// <param name="Records">All records, sales included.</param>
/// <param name="Acknowledged">Records that have their result.</param>
/// <param name="Issued">Of these, with an invoice.</param>
/// <param name="Held">Of these, waiting for a person.</param>
/// <param name="Recorded">Of these, without an invoice due.</param>
/// <param name="OldestUnacknowledged">Sequence of the oldest record without a result; null if there is none.</param>
/// <param name="Stopped">Why the gateway stopped this register; null if it did not.</param>
internal sealed record RegisterSummary(
    string Serial,
    string Epoch,
    uint Boot,
    long RungUp,
    long Records,
    long Acknowledged,
    long Issued,
    long Held,
    long Recorded,
    ulong? OldestUnacknowledged,
    string? Stopped)
{
    public static RegisterSummary Of(string serial, RegisterJournal journal)
    {
        JournalCounts counts = journal.Counts;
        ulong acked = journal.Acked;
        return new RegisterSummary(
            serial,
            journal.Epoch.ToString("X16", CultureInfo.InvariantCulture),
            journal.Boot,
            counts.Sales,
            counts.Records,
            counts.Acknowledged,
            counts.Issued,
            counts.Held,
            counts.Recorded,
            acked < journal.Newest ? acked + 1 : null,
            journal.StopReason);
    }
}
