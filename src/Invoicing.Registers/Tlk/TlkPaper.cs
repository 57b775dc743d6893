namespace Invoicing.Registers.Tlk;

/// <summary>A register's paper. The numbers are those of TLK/1 §3.11; others are read as <see cref="Unknown"/>.</summary>
public enum TlkPaper
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>Enough.</summary>
    Well = 1,

    /// <summary>Almost at its end.</summary>
    Low = 2,

    /// <summary>None.</summary>
    Out = 3,
}
