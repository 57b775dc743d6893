namespace Invoicing.Registers.Datecs.Pull;

/// <summary>
/// What a line remembers of its register from one connection to the next, as evidence and never as a cursor: the latest document it read. Of one
/// line; its conversations run one after the other.
/// </summary>
internal sealed class JournalMemory
{
    /// <summary>
    /// No document that this software read is older: an earlier date is that of a clock that lost its battery, and is no evidence.
    /// </summary>
    private static readonly DateTimeOffset Floor = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private string _owner = string.Empty;
    private DateTimeOffset? _latest;

    /// <summary>Remembers a document's time.</summary>
    public void Note(DatecsIdentity identity, DateTimeOffset? at)
    {
        string owner = $"{identity.Serial} {identity.Memory}";
        if (!string.Equals(_owner, owner, StringComparison.Ordinal))
        {
            (_owner, _latest) = (owner, null);
        }

        if (at is { } time && (_latest is null || time > _latest))
        {
            _latest = time;
        }
    }

    /// <summary>Whether anything of this register was read.</summary>
    public bool Knows(DatecsIdentity identity) => string.Equals(_owner, $"{identity.Serial} {identity.Memory}", StringComparison.Ordinal) && _latest is not null;

    /// <summary>Whether a document may have been made after all that was read: it is not earlier.</summary>
    public bool IsNotEarlier(DatecsIdentity identity, DateTimeOffset? at) => Knows(identity) && at >= _latest;

    /// <summary>
    /// Whether the first document of a journal must have been made after all that was read. The same second counts: an old first document of that
    /// second would mean that all those up to the last were made in it, too.
    /// </summary>
    public bool IsSurelyLater(DatecsIdentity identity, DateTimeOffset? at) =>
        string.Equals(_owner, $"{identity.Serial} {identity.Memory}", StringComparison.Ordinal)
        && _latest is { } latest && latest >= Floor && at >= latest;
}
