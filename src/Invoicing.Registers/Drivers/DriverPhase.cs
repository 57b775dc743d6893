namespace Invoicing.Registers.Drivers;

/// <summary>Where a register's line stands, whatever its protocol.</summary>
public enum DriverPhase
{
    /// <summary>No line: not plugged in, no permission, in use by another program.</summary>
    Down,

    /// <summary>A line, but nobody that speaks the protocol on it.</summary>
    None,

    /// <summary>A register answered; where it stands is being found out.</summary>
    Opening,

    /// <summary>Sales flow.</summary>
    Open,

    /// <summary>Stopped until a person decides.</summary>
    Stopped,
}
