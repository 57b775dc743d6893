using System.Buffers.Binary;
using Invoicing.Registers.Eutron.Framing;
using Invoicing.Registers.Eutron.Records;
using Invoicing.Sales;

namespace Invoicing.Registers.Eutron;

/// <content>Gives articles their names.</content>
internal sealed partial class EutronConversation
{
    /// <summary>How often in a row rows are asked for before the sales go on with the names that are there.</summary>
    private const int MaxTableAttempts = 3;

    /// <summary>How often an article is looked for from the beginning: one row that was damaged unseen leads to the wrong half.</summary>
    private const int MaxSearches = 2;

    private bool HasRows => protocol.Options.PluTable >= ArticleNames.FirstRow;

    /// <summary>The names of the last time, which those receipts were rung up with that were not read yet.</summary>
    private async Task LoadNamesAsync(CancellationToken cancellationToken)
    {
        if (_reading.Names is not null)
        {
            return;
        }

        ArticleNames names = new(protocol.Options.NameEncoding);
        KeptCapture? kept = Memory.Table > 0 ? await Book.ReadAsync(Memory.Table, cancellationToken).ConfigureAwait(false) : null;
        if (kept is not null)
        {
            names.Load(kept.Bytes);
        }

        _reading.Names = names;
    }

    /// <summary>Reads on in the table to its end, or until there is enough. Without an answer the sales go on with the names that are there.</summary>
    private async Task ReadNamesAsync(ArticleNames names, Func<bool> isEnough, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < MaxTableAttempts;)
        {
            switch (await ReadSliceAsync(names, cancellationToken).ConfigureAwait(false))
            {
                case null:
                    attempt++;
                    break;
                case false when !isEnough():
                    attempt = 0; // bounded by the numbers that rows can have
                    break;
                default:
                    return;
            }
        }

        protocol.Counters.Add("tables not told");
    }

    /// <summary>Reads the next slice of the table, and keeps the table at its end where it changed.</summary>
    /// <returns>Whether that was the end; <see langword="null"/> if the register does not tell it now.</returns>
    private async Task<bool?> ReadSliceAsync(ArticleNames names, CancellationToken cancellationToken)
    {
        TableRange range = names.Next(protocol.Options.PluTable);
        long began = protocol.Time.GetTimestamp();
        if (await ReadRowsAsync(range, cancellationToken).ConfigureAwait(false) is not { } rows)
        {
            return null;
        }

        if (!names.Take(range, rows, protocol.Time.GetElapsedTime(began), protocol.Time.GetUtcNow()))
        {
            return false;
        }

        byte[] bytes = names.TakeChange() ? names.ToBytes() : [];
        if (bytes.Length is > 0 and <= ICaptureBook.MaxLength)
        {
            long piece = await Book.KeepAsync(names.ReadAt, isWhole: true, bytes, cancellationToken).ConfigureAwait(false);
            CaptureJudgement judgement = new(CaptureClass.Other, $"table of articles: {names.Count} names", ReceiptKey: null, TakesRecord: false);
            await Book.JudgeAsync(piece, judgement, cancellationToken).ConfigureAwait(false);
            await RememberAsync(Memory with { Table = piece }, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>
    /// Looks whether the names are still right, a slice at a quiet moment. What changed holds from now on: the receipts before were read already.
    /// </summary>
    private async Task RefreshNamesAsync(CancellationToken cancellationToken)
    {
        bool IsDue(ArticleNames names) => names.At > 0 || (!names.IsWhole && names.ReadAt == default)
            || protocol.Time.GetUtcNow() - names.ReadAt >= protocol.Options.NamesLifetime;
        if (_reading.Names is not { } names || !IsDue(names))
        {
            return;
        }

        if (await ReadSliceAsync(names, cancellationToken).ConfigureAwait(false) is null && names.At == 0)
        {
            names.Postpone(protocol.Time.GetUtcNow());
            protocol.Counters.Add("tables not told");
        }
    }

    /// <summary>
    /// Finds the names of a receipt's articles before it is handed over: of those that have none, or of all behind a change of the price list. The
    /// record in hand is not accepted, and comes again behind them.
    /// </summary>
    /// <returns>Whether the receipt is given up meanwhile.</returns>
    private async Task<bool> IsNamedFirstAsync(LogReceipt receipt, CancellationToken cancellationToken)
    {
        var mark = ReceiptMark.Of(receipt);
        if (_named == mark || _reading.Names is not { } names)
        {
            return false;
        }

        long[] wanted = [.. ArticlesOf(receipt).Where(article => names.IsNews(article) || (receipt.IsAfterPriceList && names.Has(article))).Distinct()];
        bool isHeld = _held is not null;
        if (wanted.Length > 0)
        {
            await link.BreakOffAsync(cancellationToken).ConfigureAwait(false);
            await FindAllAsync(names, wanted, cancellationToken).ConfigureAwait(false);
        }

        _named = mark; // the line may have broken before: what was found until then stays
        bool isGivenUp = wanted.Length > 0 && isHeld;
        (_pending, _held) = isGivenUp ? (null, null) : (_pending, _held);
        return isGivenUp;
    }

    private static IEnumerable<long> ArticlesOf(LogReceipt receipt)
    {
        foreach (FlowRecord part in receipt.Records)
        {
            if (part is { Type: FlowType.Plu, Article: { } article })
            {
                yield return article;
            }
        }
    }

    private async Task FindAllAsync(ArticleNames names, long[] wanted, CancellationToken cancellationToken)
    {
        if (!HasRows)
        {
            names.Restart();
            await ReadNamesAsync(names, static () => false, cancellationToken).ConfigureAwait(false);
        }

        for (int i = 0; i < wanted.Length && HasRows; i++)
        {
            if (!await FindAsync(names, wanted[i], cancellationToken).ConfigureAwait(false))
            {
                protocol.Counters.Add("tables not told");
                return; // the next receipt with such an article asks again
            }
        }

        foreach (long article in wanted.Where(article => !names.Has(article)))
        {
            names.Miss(article);
        }
    }

    /// <summary>Finds the row of an article and reads its name. Of one that is not in the table that is found twice.</summary>
    /// <returns>Whether the register told what it was asked for.</returns>
    private async Task<bool> FindAsync(ArticleNames names, long article, CancellationToken cancellationToken)
    {
        for (int i = 0; i < MaxSearches; i++)
        {
            ArticleSearch search = new(article, ArticleNames.LastRow - protocol.Options.PluTable + 1);
            ReadOnlyMemory<byte>? last = null;
            while (search.Next is { } place)
            {
                // A row that was seen before leads on; the article's own is asked for as it is now.
                bool isSeen = names.Seen.TryGetValue(place, out last) && (last is not { } seen || PluRow.Read(seen)?.Code != article);
                if (!isSeen)
                {
                    (bool isTold, last) = await ReadRowAsync(place, names.Count > 0 ? MaxInterruptions : MaxTableAttempts, cancellationToken).ConfigureAwait(false);
                    if (!isTold)
                    {
                        return false;
                    }

                    names.See(place, last);
                }

                search.Take(last is { } row ? PluRow.Read(row)?.Code ?? 0 : default(long?));
            }

            if (search.Found is not null)
            {
                names.Learn(last!.Value);
                return true;
            }

            names.ForgetSeen();
            if (search.IsUnordered && i == MaxSearches - 1)
            {
                await ReadNamesAsync(names, () => names.Has(article), cancellationToken).ConfigureAwait(false);
            }
        }

        return true;
    }

    /// <summary>One row, asked for so often at most: a register that told names before tells this one, too.</summary>
    /// <returns>Whether the register told it, and the row; <see langword="null"/> if it is empty.</returns>
    private async Task<(bool IsTold, ReadOnlyMemory<byte>? Row)> ReadRowAsync(int place, int attempts, CancellationToken cancellationToken)
    {
        ushort number = (ushort)(protocol.Options.PluTable + place);
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            if (await ReadRowsAsync(new(number, number), cancellationToken).ConfigureAwait(false) is { Count: <= 1 } rows)
            {
                return (true, rows.Count == 0 ? default(ReadOnlyMemory<byte>?) : rows[0]);
            }
        }

        return (false, null);
    }

    /// <summary>Rows as the register tells them, twice the same where the line damages frames.</summary>
    /// <returns><see langword="null"/> if it does not tell them now.</returns>
    private async Task<IReadOnlyList<ReadOnlyMemory<byte>>?> ReadRowsAsync(TableRange range, CancellationToken cancellationToken)
    {
        IReadOnlyList<ReadOnlyMemory<byte>>? before = null;
        for (int attempt = 0; attempt < MaxTableAttempts; attempt++)
        {
            long damaged = link.DamagedFrames;
            IReadOnlyList<ReadOnlyMemory<byte>>? rows = await link.ReadTableAsync(range, cancellationToken).ConfigureAwait(false);
            _reading.WaryFor = link.DamagedFrames > damaged ? LogReading.Wary : _reading.WaryFor;
            if (rows is null || !AreOf(range, rows))
            {
                return null;
            }

            bool isDoubted = !protocol.Options.IsTcp && (protocol.Options.ReadsTwice || _reading.WaryFor > 0);
            if (!isDoubted || (before is not null && AreSame(before, rows)))
            {
                return rows;
            }

            before = rows;
        }

        protocol.Counters.Add("records that differed");
        return null;
    }

    /// <summary>Whether rows that have their numbers before them are those that were asked for.</summary>
    private static bool AreOf(TableRange range, IReadOnlyList<ReadOnlyMemory<byte>> rows)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            bool isNumbered = range.Last is not null && rows[i].Length == PluRow.Length + sizeof(ushort);
            if (isNumbered && BinaryPrimitives.ReadUInt16LittleEndian(rows[i].Span) != range.First + i)
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreSame(IReadOnlyList<ReadOnlyMemory<byte>> rows, IReadOnlyList<ReadOnlyMemory<byte>> others)
    {
        bool isSame = rows.Count == others.Count;
        for (int i = 0; i < rows.Count && isSame; i++)
        {
            isSame = rows[i].Span.SequenceEqual(others[i].Span);
        }

        return isSame;
    }
}
