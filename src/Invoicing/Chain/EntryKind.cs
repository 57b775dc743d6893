namespace Invoicing.Chain;

/// <summary>What an entry states. The numbers are the field numbers of its content in <c>entry.proto</c>, EntryBody.</summary>
public enum EntryKind
{
    /// <summary>Not known: the body is of a newer format.</summary>
    Unknown = 0,

    /// <summary>First entry of a chain: possession of the signing key.</summary>
    Opening = 16,

    /// <summary>An invoice.</summary>
    Invoice = 17,

    /// <summary>A replacement or adjustment of an earlier invoice.</summary>
    Correction = 18,

    /// <summary>End of day of one register.</summary>
    DayClose = 19,

    /// <summary>Something a register reported that is no sale.</summary>
    RegisterEvent = 20,

    /// <summary>Something the device saw of itself.</summary>
    DeviceEvent = 21,

    /// <summary>A sale that could not be made an invoice.</summary>
    Hole = 22,

    /// <summary>The same key with other content.</summary>
    Conflict = 23,

    /// <summary>Part of a range handed to a register, or burned.</summary>
    Lease = 24,

    /// <summary>A range that the chain was granted.</summary>
    Range = 25,

    /// <summary>The chain goes on under another key.</summary>
    KeyChange = 26,

    /// <summary>Nothing follows on this machine.</summary>
    Seal = 27,
}
