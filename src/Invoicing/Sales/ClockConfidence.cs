namespace Invoicing.Sales;

/// <summary>How far a register's clock may be believed. The numbers stand in TLK/1 and never change.</summary>
public enum ClockConfidence
{
    /// <summary>The register does not know: it was never set, or lost power.</summary>
    Unknown = 0,

    /// <summary>Set by hand, or set long ago.</summary>
    Set = 1,

    /// <summary>Compared with the gateway or a time service within the last day.</summary>
    Synchronised = 2,
}
