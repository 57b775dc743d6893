using System.Globalization;
using Invoicing.Sales;

namespace Invoicing.Registers.Drivers;

/// <summary>Watches the receipt numbers of a line whose tills count each receipt up by one, and finds the numbers that never came. Pure.</summary>
/// <remarks>
/// What stands before a number's last digits tells tills apart that share a line. A number that is not above the last one is a late one if it was
/// missing, and else the beginning of a new count, which is believed only of a sale that was not seen before. Losses at the very end of a count
/// cannot be told. Memory: <see cref="MostCounts"/> counts of at most <see cref="MostRemembered"/> numbers each.
/// </remarks>
internal sealed class NumberRun
{
    /// <summary>Tills that share one line; the one that was silent longest is forgotten.</summary>
    private const int MostCounts = 8;

    /// <summary>Gaps and numbers of prints that are no sales, of one till: what comes late comes within minutes.</summary>
    private const int MostRemembered = 64;

    /// <summary>A count that begins anew with a number above this did not begin with 1: it is another till's, or somebody set it.</summary>
    private const long MostAtStart = 100;

    /// <summary>Digits that fit 64 bits.</summary>
    private const int MostDigits = 18;

    private readonly List<Count> _counts = []; // the last used last

    /// <summary>Takes the number of the next piece.</summary>
    /// <param name="seen">Its number.</param>
    /// <param name="piece">What it turned out to be; copies, slips and bills before payment repeat numbers, or say them early, and are not looked at.</param>
    /// <returns>Numbers that are missing before it; <see langword="null"/> if none are.</returns>
    internal NumberGap? Next(SeenNumber seen, CaptureClass piece)
    {
        bool isLooked = piece is CaptureClass.Sale or CaptureClass.Torn or CaptureClass.TotalsDiffer or CaptureClass.NotRead or CaptureClass.Other;
        string text = seen.Text.Trim();
        string digits = text[text.AsSpan().TrimEnd("0123456789").Length..];
        if (!isLooked || digits.Length is 0 or > MostDigits)
        {
            return null;
        }

        string before = text[..^digits.Length];
        long number = long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        (long First, long Last)? gap = CountOf(before, seen.Scope, number).Next(number, seen.Scope, piece == CaptureClass.Sale);
        return gap is { } lost ? new(Written(lost.First), Written(lost.Last)) : null;

        string Written(long value) => before + value.ToString(CultureInfo.InvariantCulture).PadLeft(digits[0] == '0' ? digits.Length : 0, '0');
    }

    private Count CountOf(string before, string scope, long number)
    {
        int at = _counts.FindIndex(known => known.Before == before);
        Count count = at >= 0 ? _counts[at] : new(before, scope, number);
        if (at >= 0)
        {
            _counts.RemoveAt(at);
        }

        _counts.Add(count);
        if (_counts.Count > MostCounts)
        {
            _counts.RemoveAt(0);
        }

        return count;
    }

    private sealed class Count(string before, string scope, long first)
    {
        private readonly Queue<(long First, long Last)> _missing = []; // and numbers that only a print that is no sale has shown
        private readonly Queue<long> _below = []; // of prints that are no sales: maybe of a count that has begun anew
        private string _scope = scope;
        private long _highest = first - 1;

        internal string Before => before;

        internal (long First, long Last)? Next(long number, string scope, bool isSale)
        {
            if (number > _highest && scope == _scope)
            {
                return Rise(number, isSale);
            }

            if (number == _highest && scope == _scope)
            {
                return null; // the same once more
            }

            if (isSale && (scope != _scope || !_missing.Any(lost => lost.First <= number && number <= lost.Last)))
            {
                return Restart(number, scope);
            }

            if (!isSale)
            {
                Remember(_below, number);
            }

            return null;
        }

        private (long First, long Last)? Rise(long number, bool isSale)
        {
            (long First, long Last) gap = (_highest + 1, number - 1);
            _highest = number;
            bool isGap = gap.Last >= gap.First;
            if (isGap)
            {
                Remember(_missing, gap);
            }

            if (!isSale)
            {
                Remember(_missing, (number, number));
            }

            return isGap ? gap : null;
        }

        /// <summary>The till counts anew: what it printed since then and before this is missing, as far as it can have begun with 1.</summary>
        private (long First, long Last)? Restart(long number, string scope)
        {
            long lowest = 1;
            while (_below.Contains(lowest))
            {
                lowest++;
            }

            _missing.Clear();
            _below.Clear();
            _scope = scope;
            _highest = number;
            if (lowest >= number || number > MostAtStart)
            {
                return null;
            }

            Remember(_missing, (lowest, number - 1));
            return (lowest, number - 1);
        }

        private static void Remember<T>(Queue<T> queue, T value)
        {
            queue.Enqueue(value);
            if (queue.Count > MostRemembered)
            {
                queue.Dequeue();
            }
        }
    }
}
