namespace Invoicing.Registers.Lines;

/// <summary>Flow control of a serial line.</summary>
public enum SerialFlow
{
    /// <summary>None.</summary>
    None,

    /// <summary>The lines RTS and CTS.</summary>
    RtsCts,

    /// <summary>The characters 11h and 13h, both ways. Data must not contain them.</summary>
    XonXoff,
}
