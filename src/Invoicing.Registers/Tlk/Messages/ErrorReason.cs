namespace Invoicing.Registers.Tlk.Messages;

/// <summary>Reasons of ERROR. TLK/1 §3.12.</summary>
internal enum ErrorReason : byte
{
    UnknownType = 1,
    Malformed = 2,
    NotNow = 3,
    Internal = 4,
    ResultDiffers = 5,
}
