using System.Text;
using Invoicing.Registers.Datecs.Isl;
using Invoicing.Registers.Drivers;
using Invoicing.Sales;

namespace Invoicing.Registers.Datecs.Pull;

/// <summary>The talk with a register that has an electronic journal: who is it, which documents are there, give me the next.</summary>
/// <remarks>Sequences are the register's own document numbers, so whatever is cut off is asked for again.</remarks>
internal sealed class DatecsPullConversation(
    IslLink link, string line, DatecsReading reading, JournalMemory memory, TimeProvider time, Action<IslStatus> tell) : IRegisterConversation
{
    private DatecsIdentity? _identity;
    private IJournalSource? _journal;
    private JournalRange _range;
    private int _life = reading.Options.Life;

    private DatecsIdentity Identity => _identity ?? throw new InvalidOperationException("expected a conversation that began with who is there");

    private IJournalSource Journal => _journal ?? throw new InvalidOperationException("expected a conversation that began with who is there");

    /// <inheritdoc/>
    public async Task<RegisterIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        _identity = await DatecsHandshake.IdentifyAsync(link, reading.Options.Variant, line, reading.Encoding, cancellationToken).ConfigureAwait(false);
        _journal = _identity.Dialect == IslDialect.X
            ? new XJournal(link, line, _identity.Serial, reading)
            : new LegacyJournal(link, line, reading);
        DateTimeOffset? clock = await ReadClockAsync(cancellationToken).ConfigureAwait(false);
        _range = await Journal.RangeAsync(cancellationToken).ConfigureAwait(false) ?? throw new RegisterTroubleException(
            $"{line}: expected to be told which documents there are, found a receipt open on {_identity.Serial}; it is asked again when it is closed");
        tell(link.Status);
        return Told(_life) with { Clock = clock };
    }

    /// <inheritdoc/>
    public RegisterIdentity? FindLife(RegisterIdentity identity, ulong currentEpoch)
    {
        ArgumentNullException.ThrowIfNull(identity);
        for (int life = 1; life <= DatecsEpoch.MaxLives; life++)
        {
            if (DatecsEpoch.Of(Identity.Serial, Identity.Memory, life) == currentEpoch)
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
        await LookAsync(cancellationToken).ConfigureAwait(false);
        return durable > _range.Newest ? await JudgeFallAsync(durable, cancellationToken).ConfigureAwait(false) : null;
    }

    /// <inheritdoc/>
    public async Task<Fetched?> FetchAsync(ulong after, CancellationToken cancellationToken)
    {
        ulong next = after + 1;
        if (next > _range.Newest)
        {
            if (!await LookAsync(cancellationToken).ConfigureAwait(false) || after == _range.Newest)
            {
                return null;
            }

            if (after > _range.Newest)
            {
                return await JudgeFallAsync(after, cancellationToken).ConfigureAwait(false);
            }
        }

        return await Journal.ReadAsync(next, _range, cancellationToken).ConfigureAwait(false) switch
        {
            JournalAnswer.Found found => Record(found.Document),
            JournalAnswer.Missing => await ConfirmAsync(next, cancellationToken).ConfigureAwait(false),
            _ => null,
        };
    }

    /// <inheritdoc/>
    public Task CommitAsync(ulong durable, CancellationToken cancellationToken) => Task.CompletedTask;

    private ulong Epoch(int life) => DatecsEpoch.Of(Identity.Serial, Identity.Memory, life);

    private RegisterIdentity Told(int life) =>
        new(new RegisterId(Identity.Serial), Epoch(life), _range.Newest, Identity.Shown) { Oldest = _range.Oldest };

    /// <summary>Looks who is there and which documents there are. A serial server keeps its socket when the register behind it is changed.</summary>
    /// <returns>Whether the register said so.</returns>
    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        await DatecsHandshake.RequireSameAsync(link, Identity, line, reading.Encoding, cancellationToken).ConfigureAwait(false);
        JournalRange? range = await Journal.RangeAsync(cancellationToken).ConfigureAwait(false);
        tell(link.Status);
        _range = range ?? _range;
        return range is not null;
    }

    private Fetched.Record Record(JournalDocument document)
    {
        tell(link.Status);
        memory.Note(Identity, document.At);
        return new(document.ToRecord(new(new(Identity.Serial), Epoch(_life), document.Number)));
    }

    /// <summary>What is gone for ever is entered as lost, so it is asked for a second time.</summary>
    private async Task<Fetched?> ConfirmAsync(ulong number, CancellationToken cancellationToken)
    {
        if (!await LookAsync(cancellationToken).ConfigureAwait(false) || number > _range.Newest
            || await Journal.ReadAsync(number, _range, cancellationToken).ConfigureAwait(false) is not JournalAnswer.Missing missing)
        {
            return null;
        }

        if (number < _range.Oldest)
        {
            return new Fetched.Lost(number, _range.Oldest - 1, "the register no longer holds these documents: its electronic journal was changed or erased");
        }

        ulong last = missing.Next > number && missing.Next <= _range.Newest ? missing.Next - 1 : number;
        return new Fetched.Lost(number, last, missing.Reason);
    }

    /// <summary>
    /// The register's newest document is behind what is recorded. Its count may have begun again, with documents left before that; a journal that
    /// is empty, or whose first document is later than all that was read, is a new one. Anything else may be an old memory that was put back,
    /// whose sales have their invoices already.
    /// </summary>
    private async Task<Fetched?> JudgeFallAsync(ulong durable, CancellationToken cancellationToken)
    {
        ulong newest = _range.Newest;
        if (!await LookAsync(cancellationToken).ConfigureAwait(false) || _range.Newest != newest)
        {
            return null; // not the same twice: asked again after a pause
        }

        if (newest > 0)
        {
            if (!memory.Knows(Identity)
                && await Journal.ReadAsync(durable, _range, cancellationToken).ConfigureAwait(false) is JournalAnswer.Found { Document: var last })
            {
                memory.Note(Identity, last.At);
            }

            switch (await Journal.ReadAsync(durable + 1, _range, cancellationToken).ConfigureAwait(false))
            {
                case JournalAnswer.Found { Document: var tail } when memory.IsNotEarlier(Identity, tail.At):
                    return Record(tail);
                case JournalAnswer.Missing { Next: var next } when next > durable + 1 && memory.Knows(Identity):
                    return new Fetched.Lost(durable + 1, next - 1, "the register's count of documents jumped");
                default:
                    break;
            }

            ulong first = _range.Oldest <= newest ? Math.Max(1, _range.Oldest) : 1;
            JournalAnswer oldest = await Journal.ReadAsync(first, _range, cancellationToken).ConfigureAwait(false);
            if (oldest is not JournalAnswer.Found { Document: var document } || !memory.IsSurelyLater(Identity, document.At))
            {
                return new Fetched.Behind(newest);
            }
        }

        _life++;
        return new Fetched.Reset(Told(_life), $"its newest document is {newest}, and {durable} was read before: it counts from the beginning again");
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
