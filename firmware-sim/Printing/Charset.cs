namespace FirmwareSim.Printing;

/// <summary>How a POS program writes Vietnamese.</summary>
internal enum Charset
{
    /// <summary>UTF-8, composed.</summary>
    Utf8,

    /// <summary>TCVN-3: code page 30 with the small letters, 31 with the capitals; switched inside a line.</summary>
    Tcvn3,

    /// <summary>Windows-1258, tone marks as characters of their own behind the letter.</summary>
    Cp1258,

    /// <summary>Without accents.</summary>
    Plain,
}
