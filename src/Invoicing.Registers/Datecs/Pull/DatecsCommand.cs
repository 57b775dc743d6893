namespace Invoicing.Registers.Datecs.Pull;

/// <summary>The commands that are ever sent: none writes, prints, or touches a receipt.</summary>
internal static class DatecsCommand
{
    /// <summary>3Eh: the clock.</summary>
    public const int ReadClock = 62;

    /// <summary>4Ah: the status.</summary>
    public const int ReadStatus = 74;

    /// <summary>4Ch: the state of the open receipt.</summary>
    public const int ReadReceipt = 76;

    /// <summary>5Ah: model, firmware, serial, fiscal memory.</summary>
    public const int Identify = 90;

    /// <summary>71h: the number of the last document.</summary>
    public const int LastDocument = 113;

    /// <summary>77h: the electronic journal's text (legacy).</summary>
    public const int JournalText = 119;

    /// <summary>7Ch: which documents there are (X).</summary>
    public const int FindDocuments = 124;

    /// <summary>7Dh: a document's text and rows (X).</summary>
    public const int ReadDocument = 125;
}
