namespace Invoicing.Registers.Datecs.Layouts;

/// <summary>What a printed document says that it is.</summary>
internal enum PrintedKind
{
    /// <summary>Nothing that the layout knows.</summary>
    Unknown,

    /// <summary>A receipt.</summary>
    Receipt,

    /// <summary>A receipt that takes goods back.</summary>
    Reversal,

    /// <summary>A receipt annulled before it was closed.</summary>
    Cancelled,

    /// <summary>A text, or cash into or out of the drawer.</summary>
    NonFiscal,

    /// <summary>A report without a close.</summary>
    Report,

    /// <summary>A day close.</summary>
    DayClose,
}
