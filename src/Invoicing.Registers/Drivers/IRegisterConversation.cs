namespace Invoicing.Registers.Drivers;

/// <summary>One protocol's talk with the register on one open line. One caller at a time; ends with its line.</summary>
/// <remarks>
/// Nothing here is durable: the cursor is what the recorder says is durable, so a conversation may end at any byte and the next one begins
/// where the journal ends. Calls throw <see cref="Lines.LineGoneException"/> when the line is gone and
/// <see cref="RegisterTroubleException"/> when the register does not do what it should; both end the conversation. One that has a task of its
/// own is <see cref="IAsyncDisposable"/>, and is disposed of before its connection.
/// </remarks>
internal interface IRegisterConversation
{
    /// <summary>
    /// Finds out who is there: first by listening and by requests that change nothing. Never sends what could break an open receipt.
    /// </summary>
    Task<RegisterIdentity> IdentifyAsync(CancellationToken cancellationToken);

    /// <summary>
    /// After any doubt, and once before the first <see cref="FetchAsync"/>: makes sure that the register's journal goes on where ours ends,
    /// and sets the register's own pointer, if it has one, so that everything after <paramref name="durable"/> comes.
    /// </summary>
    /// <param name="durable">Highest sequence of the epoch that is durable here; 0: none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What was found besides an unbroken continuation, to be dealt with first; <see langword="null"/> if nothing.</returns>
    Task<Fetched?> ReconcileAsync(ulong durable, CancellationToken cancellationToken);

    /// <summary>Asks for what comes after a sequence.</summary>
    /// <param name="after">Highest sequence that was fetched and recorded.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is lost by it.</param>
    /// <returns>
    /// What comes next; <see langword="null"/> if there is nothing yet: then the driver waits and asks again. A register that pushes may
    /// keep the call waiting for as long as its protocol's keep-alive allows.
    /// </returns>
    Task<Fetched?> FetchAsync(ulong after, CancellationToken cancellationToken);

    /// <summary>
    /// Tells the register, where it can be told, that everything up to <paramref name="durable"/> is recorded. Called only after the journal's
    /// commit. A lost acknowledgement must be harmless.
    /// </summary>
    /// <param name="durable">Highest durable sequence.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task CommitAsync(ulong durable, CancellationToken cancellationToken);

    /// <summary>
    /// Finds the life of the register's journal that another epoch names: a register without an epoch of its own has its lives counted by its
    /// driver, and after a restart only the recorder knows how far the count is.
    /// </summary>
    /// <param name="identity">What was identified, of a life that is over.</param>
    /// <param name="currentEpoch">The epoch that the recorder has for the register now.</param>
    /// <returns>The identity in that life; <see langword="null"/> if the epoch is not of this register's journal.</returns>
    RegisterIdentity? FindLife(RegisterIdentity identity, ulong currentEpoch) => null;
}
