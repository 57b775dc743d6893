namespace FirmwareSim.Journal;

/// <summary>What an entry of the journal file is.</summary>
internal enum EntryKind : byte
{
    /// <summary>The first entry: the epoch, and what was dropped when the file was last rewritten.</summary>
    Head = 1,

    /// <summary>A start of the register.</summary>
    Boot = 2,

    /// <summary>A record with its sequence.</summary>
    Record = 3,

    /// <summary>The gateway's result for a record.</summary>
    Result = 4,

    /// <summary>The gateway stopped this register, and why.</summary>
    Stopped = 5,

    /// <summary>A person let it go on.</summary>
    Released = 6,

    /// <summary>A lease that was taken, and how much of it was used when the file was last rewritten.</summary>
    Lease = 7,
}
