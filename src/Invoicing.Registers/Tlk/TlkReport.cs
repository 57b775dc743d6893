namespace Invoicing.Registers.Tlk;

/// <summary>How a register says it is. TLK/1 §3.11.</summary>
/// <param name="JournalUsedPercent">How much of its journal's room for unacknowledged records is used, 0..100.</param>
/// <param name="Unacknowledged">Records without a result.</param>
/// <param name="Paper">Its paper.</param>
/// <param name="Faults">What is wrong with it.</param>
/// <param name="Clock">Its clock as it said so.</param>
/// <param name="ClockConfidence">0 never set, 1 set by hand, 2 compared within a day.</param>
/// <param name="At">When it came, by our clock.</param>
public sealed record TlkReport(
    int JournalUsedPercent, long Unacknowledged, TlkPaper Paper, TlkFaults Faults, DateTimeOffset Clock, int ClockConfidence, DateTimeOffset At);
