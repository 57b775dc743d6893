using Invoicing.Hashing;
using Invoicing.Sales;

namespace Invoicing.Registers.Datecs.Pull;

/// <summary>
/// What is known of a register's documents: what the recorder holds of each life of its numbering, and which document the line read last. It is
/// evidence and never a cursor. Of one line; its conversations run one after the other.
/// </summary>
internal sealed class JournalPast(ISaleRecorder? recorder = null)
{
    private (ulong Epoch, JournalDocument Document)? _last;
    private (ulong Number, List<JournalAnswer> Seen) _readings = (0, []);

    /// <summary>When the journal was last seen to hold what was read of it, by <see cref="TimeProvider.GetTimestamp"/>, and its newest document then.</summary>
    public (long At, ulong Epoch)? Proved { get; set; }

    /// <summary>Remembers the document that was read last.</summary>
    public void Note(ulong epoch, JournalDocument document) => _last = (epoch, document);

    /// <summary>A document, if it is the one that was read last; else <see langword="null"/>.</summary>
    public JournalDocument? Known(ulong epoch, (ulong Sequence, Sha256Hash Hash) record) =>
        _last is { } last && last.Epoch == epoch && last.Document.Number == record.Sequence && last.Document.Hash == record.Hash ? last.Document : null;

    /// <summary>
    /// Readings of a document that has none that agree yet. They outlive a connection: where the line breaks every few seconds, one reading is
    /// all that fits between two breaks.
    /// </summary>
    public List<JournalAnswer> ReadingsOf(ulong number)
    {
        if (_readings.Number != number)
        {
            _readings = (number, []);
        }

        return _readings.Seen;
    }

    /// <summary>The newest record of a life at or below a number.</summary>
    public ValueTask<(ulong Sequence, Sha256Hash Hash)?> FindAsync(DatecsIdentity identity, int life, ulong atMost, CancellationToken cancellationToken) =>
        recorder is null ? new(((ulong, Sha256Hash)?)null) : recorder.FindRecordAsync(new(new(identity.Serial), DatecsEpoch.Of(identity.Serial, identity.Memory, life), atMost), cancellationToken);

    /// <summary>Whether this very document is recorded, in one of the first lives.</summary>
    public async Task<bool> IsKnownAsync(DatecsIdentity identity, int lives, JournalDocument document, CancellationToken cancellationToken)
    {
        for (int life = lives; life >= 1; life--)
        {
            if (await FindAsync(identity, life, document.Number, cancellationToken).ConfigureAwait(false) is { } record
                && record.Sequence == document.Number && record.Hash == document.Hash)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a document is of a life before this one: it was recorded then, or its number is one of those that were used up before that life was
    /// first read, and it is not later than what was read last in this life.
    /// </summary>
    public async Task<bool> IsOlderAsync(DatecsIdentity identity, int current, JournalDocument document, CancellationToken cancellationToken)
    {
        for (int life = current - 1; life >= 1; life--)
        {
            (ulong Sequence, Sha256Hash Hash)? record = await FindAsync(identity, life, document.Number, cancellationToken).ConfigureAwait(false);
            if (record is { } found && found.Sequence == document.Number)
            {
                if (found.Hash == document.Hash)
                {
                    return true;
                }

                continue;
            }

            // Numbers behind the first record that were declared lost were jumped over or are written over: nothing of them is left.
            bool isBeforeFirst = record is null
                && await FindAsync(identity, life, long.MaxValue, cancellationToken).ConfigureAwait(false) is { } newest && newest.Sequence > document.Number;
            if (isBeforeFirst && _last is { } last && last.Epoch == DatecsEpoch.Of(identity.Serial, identity.Memory, current)
                && document.At <= last.Document.At)
            {
                return true;
            }
        }

        return false;
    }
}
