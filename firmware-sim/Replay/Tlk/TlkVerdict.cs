namespace FirmwareSim.Replay.Tlk;

/// <summary>What a gateway can make of a HELLO or a record.</summary>
internal enum TlkVerdict
{
    Welcome,
    Issued,
    Held,
    Recorded,
    Refused,
}
