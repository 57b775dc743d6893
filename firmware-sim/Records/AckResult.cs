namespace FirmwareSim.Records;

/// <summary>One result of an ACK: the sequence it is about and what became of that record.</summary>
internal readonly record struct AckResult(ulong Seq, RecordResult Result);
