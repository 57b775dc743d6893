namespace FirmwareSim.Records;

/// <summary>What became of a record, TLK/1 §5.</summary>
internal enum Outcome : byte
{
    Issued = 1,
    Held = 2,
    Recorded = 3,
}
