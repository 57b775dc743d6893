namespace Invoicing.Registers.Tlk;

/// <summary>Where a line stands. TLK/1 §11, gateway; RECOVERING is <see cref="Open"/> with something left to recover.</summary>
public enum TlkPhase
{
    /// <summary>No line.</summary>
    Down,

    /// <summary>A line, but no session: the register has not said HELLO, or was refused.</summary>
    None,

    /// <summary>HELLO came; where the register stands is being found out.</summary>
    Opening,

    /// <summary>Records flow.</summary>
    Open,

    /// <summary>Stopped until a person decides.</summary>
    Stopped,
}
