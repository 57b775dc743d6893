namespace Invoicing.Registers.Datecs.Pull;

/// <summary>How documents are read out of one dialect's electronic journal. Only commands that read are sent.</summary>
internal interface IJournalSource
{
    /// <summary>Asks which documents there are.</summary>
    /// <returns>Oldest and newest; <see langword="null"/> if the register does not say so now, because a receipt is open.</returns>
    Task<JournalRange?> RangeAsync(CancellationToken cancellationToken);

    /// <summary>Reads a document.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="range">What there is.</param>
    /// <param name="cancellationToken">Ends the reading; nothing is lost by it.</param>
    Task<JournalAnswer> ReadAsync(ulong number, JournalRange range, CancellationToken cancellationToken);
}
