using FirmwareSim.Records;

namespace FirmwareSim.Journal;

/// <summary>What the register knows of one of its records without reading the file.</summary>
/// <param name="Seq">Its sequence.</param>
/// <param name="Hash">The record hash; empty if the record can no longer be read.</param>
/// <param name="Kind">Sale, power loss or unreadable.</param>
/// <param name="Closed">When, by the register's clock.</param>
/// <param name="Total">Whole đồng; 0 for what is no sale.</param>
/// <param name="Offset">Where its bytes lie.</param>
/// <param name="Length">How many; 0 if they can no longer be read.</param>
internal sealed record JournalRecord(
    ulong Seq, byte[] Hash, RecordKind Kind, DateTimeOffset Closed, long Total, int Offset, int Length)
{
    /// <summary>The gateway's result, once it is on the disk.</summary>
    public RecordResult? Result { get; init; }

    /// <summary>What was printed on it from a lease; null if the gateway gives the code.</summary>
    public LeasedCode? Leased { get; init; }

    public bool IsReadable => Length > 0;

    public bool IsSale => Kind == RecordKind.Sale;
}
