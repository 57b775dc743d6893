namespace Invoicing.Registers.Tlk.Messages;

/// <summary>Reasons of NAK. TLK/1 §3.5.</summary>
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
