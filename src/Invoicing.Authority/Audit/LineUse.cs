namespace Invoicing.Authority.Audit;

/// <summary>Which values of a line were claimed, told again from the entries: the same heads and gaps as the ledger keeps, made a second time.</summary>
/// <param name="first">First value of the line.</param>
internal sealed class LineUse(long first)
{
    private readonly SortedList<long, long> _gaps = [];

    /// <summary>Behind the highest value claimed.</summary>
    public long Next { get; private set; } = first;

    /// <summary>Values below it that nobody claimed.</summary>
    public IEnumerable<(long First, long Last)> Gaps => _gaps.Select(g => (g.Key, g.Value));

    /// <summary>Claims a value.</summary>
    /// <returns>False if it was claimed before.</returns>
    public bool Claim(long value)
    {
        if (value >= Next)
        {
            if (value > Next)
            {
                _gaps.Add(Next, value - 1);
            }

            Next = value + 1;
            return true;
        }

        int at = Floor(value);
        if (at < 0 || _gaps.GetValueAtIndex(at) < value)
        {
            return false;
        }

        (long from, long to) = (_gaps.GetKeyAtIndex(at), _gaps.GetValueAtIndex(at));
        _gaps.RemoveAt(at);
        if (from < value)
        {
            _gaps.Add(from, value - 1);
        }

        if (value < to)
        {
            _gaps.Add(value + 1, to);
        }

        return true;
    }

    /// <summary>The last gap that begins at or before a value.</summary>
    private int Floor(long value)
    {
        int low = 0;
        int high = _gaps.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (_gaps.GetKeyAtIndex(middle) <= value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high;
    }
}
