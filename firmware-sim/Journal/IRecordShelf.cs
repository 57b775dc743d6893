using FirmwareSim.Records;

namespace FirmwareSim.Journal;

/// <summary>What a session asks of the journal; answered from memory.</summary>
internal interface IRecordShelf
{
    ulong Epoch { get; }

    uint Boot { get; }

    /// <summary>First sequence held; 0 if there never was one.</summary>
    ulong Oldest { get; }

    /// <summary>Last sequence; 0 if there never was one.</summary>
    ulong Newest { get; }

    /// <summary>Highest sequence up to which every record has its result; 0 if none.</summary>
    ulong Acked { get; }

    /// <summary>Percent of the room for unacknowledged records that is used.</summary>
    byte UsedPercent { get; }

    uint Unacknowledged { get; }

    bool IsFull { get; }

    /// <summary>The lease that was taken last; null if there was none.</summary>
    Lease? Lease { get; }

    /// <summary>What a record's receipt bears from a lease; null if the gateway gives its code.</summary>
    LeasedCode? LeasedOf(ulong seq);

    /// <summary>Can the record still be read and sent?</summary>
    bool Holds(ulong seq);

    /// <summary>Null if the record has none yet, or is not kept any more.</summary>
    RecordResult? ResultOf(ulong seq);
}
