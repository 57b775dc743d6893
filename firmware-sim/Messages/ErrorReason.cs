namespace FirmwareSim.Messages;

/// <summary>What an ERROR says, TLK/1 §3.12.</summary>
internal enum ErrorReason : byte
{
    UnknownType = 1,
    Malformed = 2,
    NotPossible = 3,
    Internal = 4,
    OtherResult = 5,
}
