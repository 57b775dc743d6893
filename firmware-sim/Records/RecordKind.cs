namespace FirmwareSim.Records;

/// <summary>Record kinds that this register writes, TLK/1 §4.</summary>
internal enum RecordKind : byte
{
    Sale = 1,
    PowerLoss = 5,
    ClockChange = 6,
    Unreadable = 9,
}
