using FirmwareSim.Records;

namespace FirmwareSim.Running;

/// <summary>A record got its result, and the result is on the register's disk.</summary>
/// <param name="Sequence">The record's sequence in its epoch.</param>
/// <param name="Result">What became of it.</param>
/// <param name="Timestamp">The time provider's timestamp right after the fsync.</param>
internal sealed record Answered(ulong Sequence, RecordResult Result, long Timestamp);
