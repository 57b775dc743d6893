namespace Invoicing.Registers.Datecs.Pull;

/// <summary>Whether a journal holds a document that was read of it.</summary>
internal enum JournalHold
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>It does, and no later document bears its number.</summary>
    Latest,

    /// <summary>It does, and its number was used again since.</summary>
    UsedAgain,
}
