namespace FirmwareSim.Messages;

/// <summary>Why the gateway refused, TLK/1 §3.5. A reason that is not in the list is treated as <see cref="Full"/>.</summary>
internal enum NakReason : byte
{
    Gap = 1,
    Conflict = 2,
    Malformed = 3,
    EpochRetired = 4,
    Full = 5,
    NotPaired = 6,
    RegisterBehind = 7,
    Version = 8,
    NoSession = 9,
}
