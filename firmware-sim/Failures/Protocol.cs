namespace FirmwareSim.Failures;

/// <summary>What a register of this program can speak beside TLK/1, as a set: a fault fits some of them.</summary>
[Flags]
internal enum Protocol
{
    None = 0,
    DatecsX = 1,
    DatecsIsl = 2,
    DatecsPush = 4,

    /// <summary>SOH records on a serial line or CDC-ACM.</summary>
    Eutron = 8,

    /// <summary>The packets of the TCP build.</summary>
    EutronTcp = 16,

    /// <summary>A POS program that prints.</summary>
    EscPos = 32,

    /// <summary>A receipt printer.</summary>
    EscPosPrinter = 64,

    LineText = 128,

    /// <summary>Frames of the ISL family.</summary>
    Isl = DatecsX | DatecsIsl,

    /// <summary>Everything that rings up sales.</summary>
    Tills = Isl | DatecsPush | Eutron | EutronTcp | EscPos | LineText,

    All = Tills | EscPosPrinter,
}
