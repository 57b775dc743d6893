namespace Invoicing.Registers.EscPos.Tap;

/// <summary>What a printer says of itself. The default is a printer that is ready, its drawer closed.</summary>
[Flags]
internal enum PrinterCondition
{
    /// <summary>Ready.</summary>
    Ready = 0,

    /// <summary>The drawer's contact is open.</summary>
    Drawer = 1,

    /// <summary>Not taking jobs.</summary>
    Offline = 2,

    /// <summary>The cover is open.</summary>
    Cover = 4,

    /// <summary>Somebody holds the feed key.</summary>
    FeedKey = 8,

    /// <summary>Paper is running out.</summary>
    PaperNearEnd = 16,

    /// <summary>No paper.</summary>
    PaperEnd = 32,

    /// <summary>An error that the printer recovers from when told to.</summary>
    Error = 64,

    /// <summary>The cutter is stuck.</summary>
    Cutter = 128,
}
