namespace Invoicing.Registers.Tlk;

/// <summary>What a register says is wrong with it. The bits are those of TLK/1 §3.11.</summary>
[Flags]
public enum TlkFaults : long
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The printer.</summary>
    Printer = 1,

    /// <summary>A cover is open.</summary>
    Cover = 2,

    /// <summary>Its memory.</summary>
    Flash = 4,

    /// <summary>Its clock.</summary>
    Clock = 8,

    /// <summary>A gateway stopped it.</summary>
    Stopped = 16,

    /// <summary>Its journal is full: it refuses sales.</summary>
    JournalFull = 32,
}
