namespace Invoicing.Registers.Ports;

/// <summary>Whose a port is.</summary>
public enum PortState
{
    /// <summary>Nobody's, as far as can be seen.</summary>
    Free,

    /// <summary>A configured register's.</summary>
    Bound,

    /// <summary>Perhaps that of a configured register which is refused: its address means several ports, its adapter moved, or it states a serial that is not its own.</summary>
    Ambiguous,

    /// <summary>Another program has it open, and no register is configured on it.</summary>
    InUse,
}
