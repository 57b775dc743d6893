namespace Invoicing.Registers.EscPos.Tokens;

/// <summary>What a piece of a printer's stream is.</summary>
internal enum EscPosKind
{
    /// <summary>A run of bytes to print, in whatever code page.</summary>
    Text,

    /// <summary>One control byte: HT, LF, FF, CR, CAN, BEL, or NUL as padding.</summary>
    Control,

    /// <summary>A DLE command, which a printer carries out at once.</summary>
    RealTime,

    /// <summary>An ESC command.</summary>
    Esc,

    /// <summary>A GS command.</summary>
    Gs,

    /// <summary>An FS command.</summary>
    Fs,

    /// <summary>A control byte or the first two bytes of a command that the table does not have; the job is no longer to be trusted.</summary>
    Unknown,

    /// <summary>A piece of a command that is longer than any printer takes: passed over, and not to be trusted.</summary>
    Oversized,

    /// <summary>A command whose end did not come.</summary>
    Torn,
}
