using Invoicing.Registers.Eutron.Framing;
using Invoicing.Registers.Eutron.Records;
using Invoicing.Sales;

namespace Invoicing.Registers.Eutron;

/// <content>Gives articles their names.</content>
internal sealed partial class EutronConversation
{
    /// <summary>How often in a row a slice of the table is asked for before the sales go on with the names that are there.</summary>
    private const int MaxTableAttempts = 3;

    /// <summary>
    /// The names of the last time, which those receipts were rung up with that were not read yet; else those of now, and where the line broke
    /// in the middle of them, from there on.
    /// </summary>
    private async Task LoadNamesAsync(CancellationToken cancellationToken)
    {
        if (_reading.Names is null)
        {
            ArticleNames names = new(protocol.Options.NameEncoding);
            KeptCapture? kept = Memory.Table > 0 ? await Book.ReadAsync(Memory.Table, cancellationToken).ConfigureAwait(false) : null;
            if (kept is not null)
            {
                names.Load(kept.Bytes);
            }

            _reading.Names = names;
        }

        if (!_reading.Names.IsWhole)
        {
            await link.BreakOffAsync(cancellationToken).ConfigureAwait(false);
            await ReadNamesAsync(_reading.Names, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the rest of the table. Without an answer the sales go on with the names that are there.</summary>
    private async Task ReadNamesAsync(ArticleNames names, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < MaxTableAttempts;)
        {
            switch (await ReadSliceAsync(names, cancellationToken).ConfigureAwait(false))
            {
                case null:
                    attempt++;
                    break;
                case true:
                    return;
                default:
                    attempt = 0; // bounded by the numbers that rows can have
                    break;
            }
        }

        names.Apply();
        protocol.Counters.Add("tables not told");
    }

    /// <summary>Reads the next slice of the table, and keeps the table where it changed.</summary>
    /// <returns>Whether that was the end; <see langword="null"/> if the register does not tell it now.</returns>
    private async Task<bool?> ReadSliceAsync(ArticleNames names, CancellationToken cancellationToken)
    {
        TableRange range = names.Next(protocol.Options.PluTable);
        if (await link.ReadTableAsync(range, cancellationToken).ConfigureAwait(false) is not { } rows)
        {
            return null;
        }

        bool isEnd = names.Take(range, rows, protocol.Time.GetUtcNow());
        if (!isEnd || !names.Apply())
        {
            return isEnd;
        }

        PluTable table = names.Table;
        if (table.Bytes.Length is > 0 and <= ICaptureBook.MaxLength)
        {
            long piece = await Book.KeepAsync(names.ReadAt, isWhole: true, table.Bytes, cancellationToken).ConfigureAwait(false);
            CaptureJudgement judgement = new(CaptureClass.Other, $"table of articles: {table.Count} names", ReceiptKey: null, TakesRecord: false);
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
        if (_reading.Names is not { } names || (names.At == 0 && protocol.Time.GetUtcNow() - names.ReadAt < protocol.Options.NamesLifetime))
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
    /// Reads the table before a receipt is handed over that has articles without names, or came behind a change of the price list. The record
    /// in hand is not accepted, and comes again behind the table.
    /// </summary>
    /// <returns>Whether the receipt is given up meanwhile.</returns>
    private async Task<bool> IsNamedFirstAsync(LogReceipt receipt, CancellationToken cancellationToken)
    {
        var mark = ReceiptMark.Of(receipt);
        if (_named == mark || _reading.Names is not { } names)
        {
            return false;
        }

        _named = mark;
        bool isUnknown = false;
        foreach (FlowRecord part in receipt.Records)
        {
            isUnknown |= part is { Type: FlowType.Plu, Article: { } article } && names.IsNews(article);
        }

        if (!isUnknown && !receipt.IsAfterPriceList)
        {
            return false;
        }

        bool isHeld = _held is not null;
        await link.BreakOffAsync(cancellationToken).ConfigureAwait(false);
        names.Restart();
        await ReadNamesAsync(names, cancellationToken).ConfigureAwait(false);
        if (isHeld)
        {
            (_pending, _held) = (null, null);
        }

        return isHeld;
    }
}
