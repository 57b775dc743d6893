namespace Invoicing.Registers.Eutron;

/// <summary>The receipts that the whole log holds, oldest first, and where the counter was set back between them. Pure.</summary>
internal sealed class LogIndex
{
    /// <summary>Most receipts of a log: a ring of 2 MiB holds fewer of the shortest ones.</summary>
    public const int MaxReceipts = 50_000;

    private readonly List<IndexedReceipt> _receipts = [];
    private readonly List<int> _lives = [0];

    /// <summary>The receipts.</summary>
    public IReadOnlyList<IndexedReceipt> Receipts => _receipts;

    /// <summary>Where each life of the counter begins; the first may have begun before the log does.</summary>
    public IReadOnlyList<int> Lives => _lives;

    /// <summary>Adds the next receipt.</summary>
    /// <returns>Whether there was room.</returns>
    public bool TryAdd(IndexedReceipt receipt, bool hasZero)
    {
        if (_receipts.Count > 0 && IsSetBack(_receipts[^1], receipt, hasZero))
        {
            _lives.Add(_receipts.Count);
        }

        _receipts.Add(receipt);
        return _receipts.Count <= MaxReceipts;
    }

    /// <summary>Whether the counter was set back between two receipts that follow each other.</summary>
    public static bool IsSetBack(in IndexedReceipt before, in IndexedReceipt after, bool hasZero)
    {
        if (after.Number == before.Number)
        {
            // The same receipt again is no new one. The first of a day behind the first of the day before is.
            return after.Number == 1 && !after.Stamp.Span.SequenceEqual(before.Stamp.Span);
        }

        return after.Number != 0 && after.Number < before.Number && ReceiptCount.Following((ulong)before.Number, after.Number, hasZero) is null;
    }

    /// <summary>First receipt of a life behind what is durable.</summary>
    /// <param name="life">The life.</param>
    /// <param name="durable">Highest durable sequence of it; 0: none.</param>
    /// <param name="hasZero">As in <see cref="ReceiptCount"/>.</param>
    /// <returns>Its place; that of the life behind if nothing of this one is new; the life's first where the counter was set back unseen.</returns>
    public int FirstNew(int life, ulong durable, bool hasZero)
    {
        int begin = _lives[life];
        int end = life + 1 < _lives.Count ? _lives[life + 1] : _receipts.Count;
        int last = -1;
        for (int at = begin; at < end && durable > 0; at++)
        {
            if (ReceiptCount.IsAtOrBefore(durable, _receipts[at].Number, hasZero))
            {
                last = at;
            }
        }

        // The ring drops its oldest receipts, so a log that ends before what is durable is not the same count any more.
        bool isUnseen = last >= 0 && last == _receipts.Count - 1 && _receipts[last].Number != ReceiptCount.NumberOf(durable, hasZero);
        return isUnseen || last < 0 ? begin : last + 1;
    }
}
