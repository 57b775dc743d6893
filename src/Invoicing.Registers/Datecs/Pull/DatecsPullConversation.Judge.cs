using System.Globalization;
using Invoicing.Hashing;
using Invoicing.Registers.Datecs.Isl;
using Invoicing.Registers.Drivers;

namespace Invoicing.Registers.Datecs.Pull;

/// <summary>Whether the journal is the one that was read, whether its numbers began again, and what of it is missing.</summary>
internal sealed partial class DatecsPullConversation
{
    /// <summary>Reads a document of the life that is current: one that was read in an earlier life is none of it.</summary>
    private async Task<JournalAnswer> ReadAsync(ulong number, CancellationToken cancellationToken)
    {
        JournalAnswer answer = await Journal.ReadAsync(number, _range, cancellationToken).ConfigureAwait(false);
        return answer is JournalAnswer.Found { Document: var document }
            && await past.IsOlderAsync(Identity, _life, document, cancellationToken).ConfigureAwait(false)
            ? new JournalAnswer.Missing("the register's count jumped over these numbers, or they were read in an earlier life of its journal")
            : answer;
    }

    /// <summary>Makes sure that the journal holds what was recorded of it, and that its numbers go on.</summary>
    /// <returns>What was found besides an unbroken continuation; <see langword="null"/> if nothing.</returns>
    private async Task<Fetched?> JudgeAsync(ulong durable, CancellationToken cancellationToken)
    {
        if (durable == 0)
        {
            _checked = time.GetTimestamp();
            return null;
        }

        // The heading of an X register's document is one request; a legacy one has none, and the document is twenty.
        if (Identity.Dialect == IslDialect.Legacy && durable <= _range.Newest
            && past.Proved is { } proved && proved.Epoch == Epoch(_life) && IsTrusted(proved.At, durable))
        {
            _checked = proved.At;
            return null;
        }

        (ulong Sequence, Sha256Hash Hash)? anchor = await past.FindAsync(Identity, _life, durable, cancellationToken).ConfigureAwait(false);
        JournalHold? hold = anchor is { } record
            ? await Journal.HoldsAsync(record.Sequence, record.Hash, past.Known(Epoch(_life), record), _range, cancellationToken).ConfigureAwait(false)
            : JournalHold.None;
        if (hold is null)
        {
            return null; // asked again after a pause
        }

        // Where what is durable ends with a gap, what stands at its end tells as well.
        if (hold == JournalHold.None && anchor?.Sequence != durable
            && ((anchor is null && await ReadAsync(durable, cancellationToken).ConfigureAwait(false) is JournalAnswer.Found)
                || (durable > _range.Newest && await ReadAsync(durable + 1, cancellationToken).ConfigureAwait(false) is JournalAnswer.Found)))
        {
            hold = JournalHold.Latest;
        }

        if (hold == JournalHold.None)
        {
            return await JudgeOtherAsync(durable, anchor, cancellationToken).ConfigureAwait(false);
        }

        if (hold == JournalHold.UsedAgain || durable > _range.Newest)
        {
            return hold == JournalHold.UsedAgain && durable <= _range.Newest
                ? await JudgeOvertakingAsync(durable, anchor!.Value, cancellationToken).ConfigureAwait(false)
                : await JudgeFallAsync(durable, Fallen(durable), cancellationToken).ConfigureAwait(false);
        }

        Prove();
        return null;
    }

    /// <summary>
    /// Whether the journal is still the one that it was at a moment: a count that began again since then could not have come back to where it
    /// was, at a document a second, which no till keeps up.
    /// </summary>
    private bool IsTrusted(long since, ulong durable)
    {
        TimeSpan age = time.GetElapsedTime(since);
        return durable == 0 || (age < MaxTrust && age.TotalSeconds < durable);
    }

    /// <summary>
    /// Whether a document is one of those before the count began again: the new count cannot have come up to its number since it was looked at, at
    /// a document a second.
    /// </summary>
    private bool IsInTail(ulong number) =>
        _tailSince is { } since && number > _range.Newest + 1 + (ulong)time.GetElapsedTime(since).TotalSeconds;

    private void Prove()
    {
        _checked = time.GetTimestamp();
        past.Proved = (_checked.Value, Epoch(_life));
    }

    /// <summary>
    /// The journal holds what was recorded of it, and its newest number is lower: it counted from the beginning again after that. What was rung up
    /// before is read first; behind a jump it stands at the end of the count.
    /// </summary>
    private async Task<Fetched?> JudgeFallAsync(ulong durable, string reason, CancellationToken cancellationToken)
    {
        ulong next = durable + 1;
        switch (await ReadAsync(next, cancellationToken).ConfigureAwait(false))
        {
            case JournalAnswer.Found { Document: var tail }:
                // A new document may have come to bear this number meanwhile.
                long looked = time.GetTimestamp();
                if (!await LookTwiceAsync(cancellationToken).ConfigureAwait(false) || _range.Newest >= next)
                {
                    return null;
                }

                _tailSince = looked;
                return Record(tail);
            case JournalAnswer.NotNow:
                return null;
            default:
                break;
        }

        if (next < JournalRange.LastNumber && await ReadAsync(JournalRange.LastNumber, cancellationToken).ConfigureAwait(false) is JournalAnswer.Found)
        {
            ulong first = await FirstAsync(next, JournalRange.LastNumber, cancellationToken).ConfigureAwait(false);
            return new Fetched.Lost(next, first - 1, "the register's count of documents jumped");
        }

        return Again(reason);
    }

    private string Fallen(ulong durable) => string.Create(
        CultureInfo.InvariantCulture, $"its newest document is {_range.Newest}, and {durable}, which was read before, stands in its journal: it counts from the beginning again");

    /// <summary>
    /// The count began again and is beyond what was read of it before, so a number asked for gives the later document. What stands behind the
    /// document that was read last is read in the journal's order, where the register has that; else it is named as lost.
    /// </summary>
    private async Task<Fetched?> JudgeOvertakingAsync(ulong durable, (ulong Sequence, Sha256Hash Hash) anchor, CancellationToken cancellationToken)
    {
        JournalAnswer answer = await Journal.ReadBehindAsync(anchor.Sequence, anchor.Hash, cancellationToken).ConfigureAwait(false);
        if (answer is JournalAnswer.Found { Document: var behind })
        {
            return behind.Number == durable + 1 ? Record(behind)
                : behind.Number > durable ? new Fetched.Lost(durable + 1, behind.Number - 1, "the register's count of documents jumped")
                : Again(Fallen(durable));
        }

        // Behind the numbers that were used again stand those that were not.
        return _range.Newest > durable
            ? new Fetched.Lost(
                durable + 1, _range.Newest, "these numbers were used again before they were read: the register's count began again meanwhile")
            : await JudgeFallAsync(durable, Fallen(durable), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The journal does not hold what was recorded last. If it holds anything else that is recorded, an old memory was put back, or another
    /// register bears this one's serial, and a person decides. If it holds nothing of it, nothing can come twice: it was overwritten, erased or
    /// changed.
    /// </summary>
    private async Task<Fetched?> JudgeOtherAsync(ulong durable, (ulong Sequence, Sha256Hash Hash)? anchor, CancellationToken cancellationToken)
    {
        ulong newest = _range.Newest;
        ulong oldest = newest == 0 ? 0 : await OldestAsync(cancellationToken).ConfigureAwait(false);
        if (anchor is not { } last)
        {
            _checked = durable <= newest ? time.GetTimestamp() : null;
            return durable <= newest ? null : new Fetched.Behind(newest) { Advice = Advice() };
        }

        if (oldest > last.Sequence && durable <= newest)
        {
            _checked = time.GetTimestamp();
            return null; // written over behind us: what is lost is named where it is asked for
        }

        foreach (ulong number in newest == 0 ? Array.Empty<ulong>() : [newest, oldest])
        {
            JournalAnswer answer = await Journal.ReadAsync(number, _range, cancellationToken).ConfigureAwait(false);
            if (answer is JournalAnswer.NotNow)
            {
                return null;
            }

            if (answer is JournalAnswer.Found { Document: var document }
                && await past.IsKnownAsync(Identity, _life, document, cancellationToken).ConfigureAwait(false))
            {
                return new Fetched.Behind(newest) { Advice = Advice() };
            }
        }

        return await JudgeForeignAsync(durable, last.Sequence < durable, oldest, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The journal holds nothing that is known to be recorded. An X register gives of two documents with one number only the later, so its count may
    /// just as well have begun again and come beyond what was read: then all numbers that it used again are lost, and behind them stands what it did not.
    /// </summary>
    private async Task<Fetched?> JudgeForeignAsync(ulong durable, bool isNamed, ulong oldest, CancellationToken cancellationToken)
    {
        ulong newest = _range.Newest;
        string reason = string.Create(
            CultureInfo.InvariantCulture, $"its journal, with documents {oldest} to {newest}, holds nothing of what was read of it: it was erased or changed, or its count began again and overtook");
        bool isX = Identity.Dialect == IslDialect.X;
        if (!isNamed || (isX && durable < newest))
        {
            return new Fetched.Lost(
                durable + 1, isX ? Math.Max(durable + 1, newest) : durable + 1,
                "the register's journal was erased or changed, or its count began again: what it rung up under these numbers and after them before that, if anything, is not in it any more");
        }

        return isX
            ? await JudgeFallAsync(durable, reason, cancellationToken).ConfigureAwait(false)
            : Again(reason); // what is durable ends with this very gap, or another
    }

    private string Advice() => string.Create(
        CultureInfo.InvariantCulture,
        $"it holds documents that are recorded, and not the last of them. If it goes on selling as it is, set 'life' to {_life + 1} in its settings and release it: what is recorded is then passed over");

    private Fetched.Reset Again(string reason)
    {
        _life++;
        return new(Told(_life), reason);
    }

    /// <summary>What is gone for ever is entered as lost, so it is looked for a second time.</summary>
    private async Task<Fetched?> ConfirmAsync(ulong number, CancellationToken cancellationToken)
    {
        if (!await LookTwiceAsync(cancellationToken).ConfigureAwait(false) || number > _range.Newest
            || await ReadAsync(number, cancellationToken).ConfigureAwait(false) is not JournalAnswer.Missing missing)
        {
            return null;
        }

        if (number < _range.Oldest)
        {
            return new Fetched.Lost(
                number, _range.Oldest - 1, "the register no longer holds these documents: its electronic journal was written over, changed or erased");
        }

        if (missing.Next > number && missing.Next <= _range.Newest)
        {
            return new Fetched.Lost(number, missing.Next - 1, missing.Reason);
        }

        switch (await ReadAsync(_range.Newest, cancellationToken).ConfigureAwait(false))
        {
            case JournalAnswer.Found when number > 1 && await HasBegunAgainAsync(cancellationToken).ConfigureAwait(false):
                return await JudgeFallAsync(
                    number - 1,
                    string.Create(CultureInfo.InvariantCulture, $"its document 1 is another than was read, and {number} is not in its journal: it counts from the beginning again"),
                    cancellationToken).ConfigureAwait(false);
            case JournalAnswer.Found:
                ulong first = await FirstAsync(number, _range.Newest, cancellationToken).ConfigureAwait(false);
                return new Fetched.Lost(number, first - 1, missing.Reason);
            case JournalAnswer.Missing:
                _nothingNew = (number - 1, _range);
                return null;
            default:
                return null;
        }
    }

    /// <summary>
    /// Whether a jump hides that the count began again in between: then there is a first document that nobody read.
    /// </summary>
    private async Task<bool> HasBegunAgainAsync(CancellationToken cancellationToken) =>
        await Journal.ReadAsync(1, _range, cancellationToken).ConfigureAwait(false) is JournalAnswer.Found { Document: var first }
        && await past.FindAsync(Identity, _life, 1, cancellationToken).ConfigureAwait(false) is not null
        && !await past.IsKnownAsync(Identity, _life, first, cancellationToken).ConfigureAwait(false);

    /// <summary>The lowest of the documents that are there in a row up to one, by halving: a count jumps once or not at all.</summary>
    /// <param name="missing">A number that is not there.</param>
    /// <param name="present">One above it that is.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    private async Task<ulong> FirstAsync(ulong missing, ulong present, CancellationToken cancellationToken)
    {
        while (present - missing > 1)
        {
            ulong middle = missing + ((present - missing) / 2);
            (missing, present) = await ReadAsync(middle, cancellationToken).ConfigureAwait(false) is JournalAnswer.Found ? (missing, middle) : (middle, present);
        }

        return present;
    }

    /// <summary>The oldest document, as the register says it, or found by halving.</summary>
    private async Task<ulong> OldestAsync(CancellationToken cancellationToken)
    {
        if (_range.Oldest > 0)
        {
            return _range.Oldest;
        }

        return _range.Newest == 1 || await Journal.ReadAsync(1, _range, cancellationToken).ConfigureAwait(false) is JournalAnswer.Found
            ? 1
            : await FirstAsync(1, _range.Newest, cancellationToken).ConfigureAwait(false);
    }
}
