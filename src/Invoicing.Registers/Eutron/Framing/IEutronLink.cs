namespace Invoicing.Registers.Eutron.Framing;

/// <summary>The log and the tables of a register as one of its two dialects tells them. One caller at a time.</summary>
/// <remarks>
/// Calls throw <see cref="Lines.LineGoneException"/> when the line is gone. An acceptance that the register did not hear brings its records
/// again; they are dropped here, by their bytes. Where a register really wrote the same record twice, and the line broke just between the two,
/// the receipt's sum shows that one is missing.
/// </remarks>
internal interface IEutronLink
{
    /// <summary>Records that were accepted, and of which the register may not know it.</summary>
    IReadOnlyList<ReadOnlyMemory<byte>> Uncertain { get; }

    /// <summary>Frames that came with a wrong sum so far.</summary>
    long DamagedFrames { get; }

    /// <summary>Goes on where an earlier connection to the same register ended.</summary>
    /// <param name="uncertain">Its <see cref="Uncertain"/>.</param>
    void Resume(IReadOnlyList<ReadOnlyMemory<byte>> uncertain);

    /// <summary>The next <see cref="NextAsync"/> begins at the oldest record that the register holds.</summary>
    void Rewind();

    /// <summary>Asks for the next record. What was told before must be accepted, or is told again.</summary>
    Task<LogStep> NextAsync(CancellationToken cancellationToken);

    /// <summary>Lets the register's pointer move behind the record that <see cref="NextAsync"/> told last.</summary>
    Task AcceptAsync(CancellationToken cancellationToken);

    /// <summary>Ends the dump; the record that was told last is told again by the next <see cref="NextAsync"/>.</summary>
    Task BreakOffAsync(CancellationToken cancellationToken);

    /// <summary>Reads rows of a table. Not while a dump is under way.</summary>
    /// <param name="range">Which.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its records as they came, each with what stands before it; <see langword="null"/> if the register does not tell it now.</returns>
    Task<IReadOnlyList<ReadOnlyMemory<byte>>?> ReadTableAsync(TableRange range, CancellationToken cancellationToken);
}
