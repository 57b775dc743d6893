namespace Invoicing.Registers.Drivers;

/// <summary>What a register's protocol can do; it decides what BUSY, a full journal and a lost answer mean on its line.</summary>
[Flags]
public enum DriverCapabilities
{
    /// <summary>Nothing of the below.</summary>
    None = 0,

    /// <summary>The register can be asked again for what it told before: after any doubt the driver reconciles, and nothing is lost.</summary>
    CanRewind = 1,

    /// <summary>The register is told that a record is durable, and keeps it until then.</summary>
    CanAcknowledge = 2,

    /// <summary>The register can be told to wait (BUSY) before it sells what could not be recorded.</summary>
    CanBeToldBusy = 4,

    /// <summary>Lines come with the names of the goods; without it they come with PLU or department numbers only.</summary>
    HasNames = 8,

    /// <summary>The register speaks when it likes and never again: what is lost on the way is named by a gap, and cannot be fetched.</summary>
    PushOnly = 16,
}
