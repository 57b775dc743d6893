namespace Invoicing.Registers.Datecs.Pull;

/// <summary>What a document of a register's electronic journal is.</summary>
internal enum JournalKind
{
    /// <summary>Something that nobody knows; treated as a sale that could not be read, so that a person looks.</summary>
    Unknown,

    /// <summary>A receipt.</summary>
    Sale,

    /// <summary>A receipt that takes goods back.</summary>
    Reversal,

    /// <summary>A day close.</summary>
    DayClose,

    /// <summary>A text, cash into or out of the drawer, a report, an annulled receipt.</summary>
    NoSale,
}
