using System.Text;
using Invoicing.Registers.Datecs.Isl;
using Invoicing.Registers.Drivers;
using Invoicing.Sales;

namespace Invoicing.Registers.Datecs.Pull;

/// <summary>The talk with a register that has an electronic journal: who is it, which documents are there, give me the next.</summary>
/// <remarks>
/// Sequences are the register's own document numbers, so whatever is cut off is asked for again. Whether the journal in front of us is still
/// the one that was read, and whether its numbers began again, is told by the documents that are recorded of it, never by its clock.
/// </remarks>
internal sealed partial class DatecsPullConversation(
    IslLink link, string line, DatecsReading reading, JournalPast past, TimeProvider time, Action<IslStatus> tell) : IRegisterConversation
{
    /// <summary>Longest that the journal counts as the one that was read, without looking.</summary>
    private static readonly TimeSpan MaxTrust = TimeSpan.FromMinutes(1);

    /// <summary>Looks at which documents there are, before it is asked again who is there though nothing is new: four seconds, as a rule.</summary>
    private const int MaxUnnamed = 8;

    private DatecsIdentity? _identity;
    private IJournalSource? _journal;
    private int _unnamed;
    private JournalRange _range = JournalRange.None;
    private (ulong After, JournalRange Range)? _nothingNew;
    private Fetched.Reset? _reset;
    private long? _checked;
    private long? _tailSince;
    private bool _isFresh;
    private int _life = reading.Options.Life;

    private DatecsIdentity Identity => _identity ?? throw new InvalidOperationException("expected a conversation that began with who is there");

    private IJournalSource Journal => _journal ?? throw new InvalidOperationException("expected a conversation that began with who is there");

    /// <inheritdoc/>
    public async Task<RegisterIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        _identity = await DatecsHandshake.IdentifyAsync(link, reading.Options.Variant, line, reading.Encoding, cancellationToken).ConfigureAwait(false);
        _journal = _identity.Dialect == IslDialect.X
            ? new XJournal(link, line, _identity.Serial, reading, past)
            : new LegacyJournal(link, line, reading, past);
        DateTimeOffset? clock = await ReadClockAsync(cancellationToken).ConfigureAwait(false);
        if (!await LookTwiceAsync(cancellationToken).ConfigureAwait(false))
        {
            throw new RegisterTroubleException(
                $"{line}: expected to be told which documents there are, found a receipt open on {_identity.Serial}; it is asked again when it is closed");
        }

        _isFresh = true;
        return Told(_life) with { Clock = clock };
    }

    /// <inheritdoc/>
    public RegisterIdentity? FindLife(RegisterIdentity identity, ulong currentEpoch)
    {
        ArgumentNullException.ThrowIfNull(identity);
        for (int life = 1; life <= DatecsEpoch.MaxLives; life++)
        {
            if (Epoch(life) == currentEpoch)
            {
                _life = life;
                return Told(life) with { Clock = identity.Clock };
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async Task<Fetched?> ReconcileAsync(ulong durable, CancellationToken cancellationToken)
    {
        (_checked, _tailSince, _reset, _nothingNew) = (null, null, null, null);
        if (_isFresh)
        {
            _isFresh = false;
        }
        else
        {
            await DatecsHandshake.RequireSameAsync(link, Identity, line, reading.Encoding, cancellationToken).ConfigureAwait(false);
            if (!await LookTwiceAsync(cancellationToken).ConfigureAwait(false))
            {
                return null;
            }
        }

        return await JudgeAsync(durable, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<Fetched?> FetchAsync(ulong after, CancellationToken cancellationToken)
    {
        if (_reset is { } reset)
        {
            _reset = null;
            return reset;
        }

        if (IsInTail(after + 1))
        {
            JournalAnswer tail = await ReadAsync(after + 1, cancellationToken).ConfigureAwait(false);
            if (tail is JournalAnswer.Found { Document: var document })
            {
                return Record(document);
            }
        }

        if (_checked is not { } since || !IsTrusted(since, after))
        {
            Fetched? found = await ReconcileAsync(after, cancellationToken).ConfigureAwait(false);
            if (found is not null || _checked is null)
            {
                return found;
            }
        }

        if (after >= _range.Newest || _nothingNew == (after, _range))
        {
            if (!await LookAsync(cancellationToken).ConfigureAwait(false) || after == _range.Newest || _nothingNew == (after, _range))
            {
                return null;
            }

            if (after > _range.Newest)
            {
                return await ReconcileAsync(after, cancellationToken).ConfigureAwait(false);
            }
        }

        return await ReadAsync(after + 1, cancellationToken).ConfigureAwait(false) switch
        {
            JournalAnswer.Found found => Record(found.Document),
            JournalAnswer.Missing => await ConfirmAsync(after + 1, cancellationToken).ConfigureAwait(false),
            _ => null,
        };
    }

    /// <inheritdoc/>
    public Task CommitAsync(ulong durable, CancellationToken cancellationToken) => Task.CompletedTask;

    private ulong Epoch(int life) => DatecsEpoch.Of(Identity.Serial, Identity.Memory, life);

    private RegisterIdentity Told(int life) =>
        new(new RegisterId(Identity.Serial), Epoch(life), _range.Newest, Identity.Shown) { Oldest = _range.Oldest };

    /// <summary>
    /// Looks which documents there are and, before anything new is believed, and now and then, who is there: a serial server keeps its socket when the
    /// register behind it is changed.
    /// </summary>
    /// <returns>Whether the register said so.</returns>
    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        JournalRange? range = await Journal.RangeAsync(cancellationToken).ConfigureAwait(false);
        tell(link.Status);
        if (range is null)
        {
            return false;
        }

        _unnamed++;
        if (range != _range || _unnamed >= MaxUnnamed)
        {
            await DatecsHandshake.RequireSameAsync(link, Identity, line, reading.Encoding, cancellationToken).ConfigureAwait(false);
            _unnamed = 0;
        }

        _range = range;
        return true;
    }

    /// <summary>Looks which documents there are until the register said the same twice: what is decided by it cannot be taken back.</summary>
    /// <returns>Whether the register said so.</returns>
    private async Task<bool> LookTwiceAsync(CancellationToken cancellationToken)
    {
        JournalRange? range = await SureReading.TwiceAsync(
            line, "which documents there are", () => Journal.RangeAsync(cancellationToken), static (one, other) => one == other).ConfigureAwait(false);
        tell(link.Status);
        _range = range ?? _range;
        return range is not null;
    }

    private Fetched.Record Record(JournalDocument document)
    {
        tell(link.Status);
        past.Note(Epoch(_life), document);
        if (_checked is not null)
        {
            Prove();
        }

        return new(document.ToRecord(new(new(Identity.Serial), Epoch(_life), document.Number)));
    }

    /// <summary>Reads the clock; one that cannot be read is none.</summary>
    private async Task<DateTimeOffset?> ReadClockAsync(CancellationToken cancellationToken)
    {
        IslFrame frame = await link.AskAsync(DatecsCommand.ReadClock, ReadOnlyMemory<byte>.Empty, cancellationToken).ConfigureAwait(false);
        string text = frame.Status.Length == IslShape.StatusLength(IslDialect.X) && XReply.Read(frame, reading.Encoding, line) is { Error: 0, Fields.Length: > 0 } reply
            ? reply.Fields[0]
            : Encoding.ASCII.GetString(frame.Data.Span);
        return DatecsClock.Read(text, reading.Options.UtcOffset) is { } clock && (time.GetUtcNow() - clock).Duration() < TimeSpan.FromDays(3650) ? clock : null;
    }
}
