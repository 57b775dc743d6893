namespace FirmwareSim.Messages;

/// <summary>Faults that STATUS reports, TLK/1 §3.11; this register can only have two of them.</summary>
[Flags]
internal enum Faults
{
    None = 0,
    Stopped = 1 << 4,
    JournalFull = 1 << 5,
}
