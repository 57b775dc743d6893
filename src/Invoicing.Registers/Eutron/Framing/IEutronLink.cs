namespace Invoicing.Registers.Eutron.Framing;

/// <summary>The log and the tables of a register as one of its two dialects tells them. One caller at a time.</summary>
/// <remarks>Calls throw <see cref="Lines.LineGoneException"/> when the line is gone.</remarks>
internal interface IEutronLink
{
    /// <summary>The next <see cref="NextAsync"/> begins at the oldest record that the register holds.</summary>
    void Rewind();

    /// <summary>Asks for the next record. What was told before must be accepted, or is told again.</summary>
    Task<LogStep> NextAsync(CancellationToken cancellationToken);

    /// <summary>Lets the register's pointer move behind the record that <see cref="NextAsync"/> told last.</summary>
    Task AcceptAsync(CancellationToken cancellationToken);

    /// <summary>Ends the dump; the record that was told last is told again by the next <see cref="NextAsync"/>.</summary>
    Task BreakOffAsync(CancellationToken cancellationToken);

    /// <summary>Reads a whole table. Not while a dump is under way.</summary>
    /// <param name="table">Its number.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its records as they came, each with what stands before it; <see langword="null"/> if the register does not tell it now.</returns>
    Task<IReadOnlyList<ReadOnlyMemory<byte>>?> ReadTableAsync(ushort table, CancellationToken cancellationToken);
}
