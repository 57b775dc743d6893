namespace FirmwareSim.Failures;

/// <summary>What such hardware does wrong; each was seen somewhere. The numbers are those of the specification's list (§5.2).</summary>
internal enum Fault
{
    Split = 1,
    WaitStorm = 2,
    Nak = 3,
    LostAck = 4,
    LostReply = 5,
    Echo = 6,
    LateReply = 7,
    Flip = 8,
    DoubleFlip = 9,
    Reboot = 10,
    PowerLoss = 11,
    LogOverflow = 12,
    CounterWrap = 13,
    ClockJump = 14,
    PluRename = 15,
    Twin = 16,
    Swap = 17,
    CounterGap = 18,
    HalfOpen = 19,
    Unplug = 20,
    Full = 21,
    CodePageSwitch = 22,
    RasterOnly = 23,
    DleInRaster = 24,
    LateVoid = 25,
}
