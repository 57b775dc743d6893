using Invoicing.Registers.Eutron.Records;

namespace Invoicing.Registers.Eutron;

/// <summary>The receipts that the whole log holds, oldest first, and where the counter was set back between them. Pure.</summary>
internal sealed class LogSurvey
{
    /// <summary>Most receipts of a log: a ring of 2 MiB holds fewer of the shortest ones.</summary>
    public const int MaxReceipts = 50_000;

    private readonly List<SurveyedReceipt> _receipts = [];
    private readonly List<int> _lives = [0];

    /// <summary>The receipts.</summary>
    public IReadOnlyList<SurveyedReceipt> Receipts => _receipts;

    /// <summary>Where each life of the counter begins; the first may have begun before the log does.</summary>
    public IReadOnlyList<int> Lives => _lives;

    /// <summary>Adds the next receipt.</summary>
    /// <returns>Whether there was room.</returns>
    public bool TryAdd(LogReceipt receipt, bool hasZero)
    {
        SurveyedReceipt next = new(receipt.Number, receipt.Stamp, ReceiptMark.Of(receipt));
        if (_receipts.Count > 0 && ReceiptCount.IsSetBack((ulong)_receipts[^1].Number, next.Number, hasZero))
        {
            _lives.Add(_receipts.Count);
        }

        _receipts.Add(next);
        return _receipts.Count <= MaxReceipts;
    }

    /// <summary>The place of a receipt; -1 if it is not in the log.</summary>
    public int IndexOf(ReceiptMark mark) => _receipts.FindIndex(receipt => receipt.Mark == mark);

    /// <summary>Finds the last receipt that is durable, where nothing is remembered but what the recorder knows.</summary>
    /// <param name="epochOf">The epoch of the life that begins with a receipt.</param>
    /// <param name="first">Epoch of the life in which the register was met, which has no receipt that it began with.</param>
    /// <param name="epoch">Epoch of the life that is durable.</param>
    /// <param name="durable">Highest durable sequence of it; 0: none.</param>
    /// <param name="hasZero">As in <see cref="ReceiptCount"/>.</param>
    /// <returns>
    /// Its place, or the one before the life's first receipt if nothing of it is durable; <see langword="null"/> if it is not in the log, or
    /// several receipts could be it.
    /// </returns>
    public int? Find(Func<SurveyedReceipt, ulong> epochOf, ulong first, ulong epoch, ulong durable, bool hasZero)
    {
        // Lives that lie before the one in which the register was met are history, and the log does not say how many there are.
        int life = epoch == first ? 0 : _lives.FindIndex(begin => begin < _receipts.Count && epochOf(_receipts[begin]) == epoch);
        if (life < 0)
        {
            return null;
        }

        int begin = _lives[life];
        if (durable == 0)
        {
            return begin - 1;
        }

        int end = epoch == first || life + 1 == _lives.Count ? _receipts.Count : _lives[life + 1];
        int number = ReceiptCount.NumberOf(durable, hasZero);
        int[] found = [.. Enumerable.Range(begin, end - begin).Where(at => _receipts[at].Number == number)];
        return found is [var only] ? only : null;
    }
}
