namespace FirmwareSim.Bytes;

/// <summary>Why a run of bytes or a message was thrown away: the counters of TLK/1 §1.3 and §7.</summary>
internal enum FrameDrop
{
    Oversize,
    Cobs,
    Short,
    Length,
    Crc,
    Version,
    Flags,
    Direction,
    Type,
    Seal,
    Payload,
    Session,
    Late,
}
