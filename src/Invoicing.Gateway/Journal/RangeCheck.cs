using Invoicing.Chain;
using Invoicing.Invoices;

namespace Invoicing.Gateway.Journal;

/// <summary>Follows codes and numbers through entries in their order: within each range they must run on without a gap.</summary>
/// <remarks>Started anywhere in a chain: the first code and number of each range are taken as they come, the rest must follow.</remarks>
internal sealed class RangeCheck(EnrolmentGrant enrolment)
{
    private const long NotSeen = -1;

    private readonly long[] _nextCodes = [.. Enumerable.Repeat(NotSeen, enrolment.Codes.Length)];
    private readonly long[] _nextNumbers = [.. Enumerable.Repeat(NotSeen, enrolment.Numbers.Length)];

    /// <summary>Demands that codes and numbers start where their ranges do, as they must from the chain's first entry on.</summary>
    public void ExpectFromTheStart()
    {
        for (int i = 0; i < _nextCodes.Length; i++)
        {
            _nextCodes[i] = enrolment.Codes[i].First;
        }

        for (int i = 0; i < _nextNumbers.Length; i++)
        {
            _nextNumbers[i] = enrolment.Numbers[i].First;
        }
    }

    /// <summary>Takes the next entry's fields.</summary>
    /// <returns>What is wrong, without its position.</returns>
    public JournalFault? Take(in ContentFields fields)
    {
        if (fields.Code is not { } code || fields.Record is not { IsRecovered: false })
        {
            return null; // no invoice, or one whose identity another chain gave
        }

        int codes = IndexOf(enrolment.Codes, range => range.Block == code.Block && range.First <= code.Digits && code.Digits <= range.Last);
        InvoiceSeries series = fields.Series;
        int number = fields.Number;
        int numbers = IndexOf(enrolment.Numbers, range => range.Series == series && range.First <= number && number <= range.Last);
        if (codes < 0 || numbers < 0)
        {
            return new(0, "code and number", "ones of a granted range", $"{code}, {series} {number}");
        }

        return Step(_nextCodes, codes, code.Digits, "code") ?? Step(_nextNumbers, numbers, number, $"number of {series}");
    }

    /// <summary>Compares with the cursors that the journal keeps.</summary>
    public JournalFault? FaultAgainst(RangeAllocation ranges)
    {
        for (int i = 0; i < _nextCodes.Length; i++)
        {
            if (_nextCodes[i] != NotSeen && ranges.Codes[i].Next != _nextCodes[i])
            {
                return new(0, $"cursor of codes {enrolment.Codes[i]}", $"{_nextCodes[i]}", $"{ranges.Codes[i].Next}");
            }
        }

        for (int i = 0; i < _nextNumbers.Length; i++)
        {
            if (_nextNumbers[i] != NotSeen && ranges.Numbers[i].Next != _nextNumbers[i])
            {
                return new(0, $"cursor of numbers {enrolment.Numbers[i]}", $"{_nextNumbers[i]}", $"{ranges.Numbers[i].Next}");
            }
        }

        return null;
    }

    private static int IndexOf<T>(IReadOnlyList<T> ranges, Func<T, bool> holds)
    {
        for (int i = 0; i < ranges.Count; i++)
        {
            if (holds(ranges[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static JournalFault? Step(long[] next, int range, long found, string what)
    {
        long expected = next[range];
        next[range] = found + 1;
        return expected == NotSeen || expected == found ? null : new(0, what, $"{expected}", $"{found}");
    }
}
