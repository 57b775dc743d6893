namespace FirmwareSim.Running;

/// <summary>A sale was rung up: its record is on the register's disk.</summary>
/// <param name="Sequence">The record's sequence in its epoch.</param>
/// <param name="RecordHash">The record hash of TLK/1 §3.3, 32 bytes.</param>
/// <param name="Total">Whole đồng.</param>
/// <param name="Timestamp">The time provider's timestamp right after the fsync.</param>
internal sealed record RungUp(ulong Sequence, byte[] RecordHash, long Total, long Timestamp);
