namespace Invoicing.Gateway.Journal;

/// <summary>What became of a record. The numbers stand in the journal and never change.</summary>
internal enum StoredOutcome
{
    Issued = 1,
    Held = 2,
    Recorded = 3,

    /// <summary>Held for the code that the register printed.</summary>
    CodeConflict = 4,
}
