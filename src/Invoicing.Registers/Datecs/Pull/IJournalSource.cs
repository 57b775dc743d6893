using Invoicing.Hashing;

namespace Invoicing.Registers.Datecs.Pull;

/// <summary>How documents are read out of one dialect's electronic journal. Only commands that read are sent.</summary>
internal interface IJournalSource
{
    /// <summary>Asks which documents there are.</summary>
    /// <returns>Oldest and newest; <see langword="null"/> if the register does not say so now, because a receipt is open.</returns>
    Task<JournalRange?> RangeAsync(CancellationToken cancellationToken);

    /// <summary>Reads a document, twice the same. Of several with one number the latest is meant.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="range">What there is.</param>
    /// <param name="cancellationToken">Ends the reading; nothing is lost by it.</param>
    Task<JournalAnswer> ReadAsync(ulong number, JournalRange range, CancellationToken cancellationToken);

    /// <summary>Whether the journal holds this very document, even where its number was used again since.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="hash">The hash of its bytes.</param>
    /// <param name="known">It, as it was read last; <see langword="null"/> if it was not this line that did.</param>
    /// <param name="range">What there is.</param>
    /// <param name="cancellationToken">Ends the reading; nothing is lost by it.</param>
    /// <returns>Whether it does; <see langword="null"/> if the register does not say so now.</returns>
    Task<JournalHold?> HoldsAsync(ulong number, Sha256Hash hash, JournalDocument? known, JournalRange range, CancellationToken cancellationToken);

    /// <summary>Reads what stands right behind a document whose number was used again, so that what is behind it cannot be asked for by number.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="hash">The hash of its bytes.</param>
    /// <param name="cancellationToken">Ends the reading; nothing is lost by it.</param>
    /// <returns>
    /// The next in the journal's order, whose number is not above that of the document if the count began again there; missing if the register
    /// cannot be asked so.
    /// </returns>
    Task<JournalAnswer> ReadBehindAsync(ulong number, Sha256Hash hash, CancellationToken cancellationToken);
}
