using System.Collections.Immutable;

namespace Invoicing.Invoices;

/// <summary>The ranges granted to a chain, in the order of their grants, and how far each is used (design.md 5.16).</summary>
/// <remarks>
/// Immutable: taking gives a new state, so a transaction that is rolled back just keeps the old one. Nothing that a state has given is
/// given again by any state after it. Digits of codes are taken in order whatever the year; numbers only from a series of the year of
/// issue, so that a sale of 31 December that is recorded on 1 January still finds its series, and a new year needs a new range.
/// </remarks>
public sealed class RangeAllocation
{
    /// <summary>
    /// Most ranges of each sort that a chain holds: a copy of all cursors is made for every invoice, and 256 of them are 4 KiB. A chain
    /// that uses up so many is given larger ones.
    /// </summary>
    public const int MaxRanges = 256;

    private RangeAllocation(ImmutableArray<CodeCursor> codes, ImmutableArray<NumberCursor> numbers)
    {
        Codes = codes;
        Numbers = numbers;
    }

    /// <summary>No range granted.</summary>
    public static RangeAllocation Empty { get; } = new([], []);

    /// <summary>Codes, in the order of their grants.</summary>
    public ImmutableArray<CodeCursor> Codes { get; }

    /// <summary>Numbers, in the order of their grants.</summary>
    public ImmutableArray<NumberCursor> Numbers { get; }

    /// <summary>Takes up where a journal left off.</summary>
    /// <exception cref="ArgumentException">A cursor is outside its range, two ranges overlap, or there are too many.</exception>
    public static RangeAllocation Restore(IEnumerable<CodeCursor> codes, IEnumerable<NumberCursor> numbers)
    {
        ArgumentNullException.ThrowIfNull(codes);
        ArgumentNullException.ThrowIfNull(numbers);
        RangeAllocation restored = Empty;
        foreach (CodeCursor cursor in codes)
        {
            restored = restored.With(cursor);
        }

        foreach (NumberCursor cursor in numbers)
        {
            restored = restored.With(cursor);
        }

        return restored;
    }

    /// <summary>Takes note of a grant, to be used after those before it.</summary>
    /// <exception cref="ArgumentException">It overlaps a range granted before, used up or not, or there are too many.</exception>
    public RangeAllocation Grant(CodeRange range)
    {
        ArgumentNullException.ThrowIfNull(range);
        return With(new CodeCursor(range, range.First));
    }

    /// <summary>Takes note of a grant, to be used after those of its year before it.</summary>
    /// <exception cref="ArgumentException">It overlaps a range granted before, used up or not, or there are too many.</exception>
    public RangeAllocation Grant(NumberRange range)
    {
        ArgumentNullException.ThrowIfNull(range);
        return With(new NumberCursor(range, range.First));
    }

    /// <summary>Takes the next code and the next number of a year, or neither.</summary>
    /// <param name="kind">Kind of the invoice.</param>
    /// <param name="issuedOn">Its date of issue.</param>
    public RangeDraw Take(InvoiceKind kind, DateOnly issuedOn)
    {
        int year = issuedOn.Year % 100;
        int code = FirstOpenCode();
        int number = FirstOpenNumber(year);
        if (code < 0 || number < 0)
        {
            string codes = code < 0 ? "a range of authority codes" : string.Empty;
            string numbers = number < 0 ? $"a range of invoice numbers under a series of 20{year:00}" : string.Empty;
            return new RangeDraw.Exhausted(code < 0 && number < 0 ? $"{codes} and {numbers}" : codes + numbers);
        }

        CodeCursor codeFrom = Codes[code];
        NumberCursor numberFrom = Numbers[number];
        InvoiceIdentity identity = new(
            new AuthorityCode(kind, year, codeFrom.Range.Block, codeFrom.Next), numberFrom.Range.Series, numberFrom.Next);
        RangeAllocation rest = new(
            Codes.SetItem(code, codeFrom with { Next = codeFrom.Next + 1 }),
            Numbers.SetItem(number, numberFrom with { Next = numberFrom.Next + 1 }));
        return new RangeDraw.Taken(identity, rest);
    }

    /// <summary>Cuts out the next codes and as many numbers of a year, for a register to print from.</summary>
    /// <remarks>What is cut off is never taken by anything else, used or not.</remarks>
    /// <param name="year">Year in its century.</param>
    /// <param name="most">How many at most; fewer if a range ends before.</param>
    /// <returns>The cut; <see langword="null"/> if less than twice as many are left: a lease never takes the last codes from the device.</returns>
    public RangeCut? Cut(int year, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        int code = FirstOpenCode();
        int number = FirstOpenNumber(year);
        if (code < 0 || number < 0)
        {
            return null;
        }

        CodeCursor codeFrom = Codes[code];
        NumberCursor numberFrom = Numbers[number];
        int count = (int)Math.Min(most, Math.Min(codeFrom.Left, numberFrom.Left));
        long numbersLeft = Numbers.Where(cursor => cursor.Range.Series.Year == year).Sum(cursor => (long)cursor.Left);
        if (Codes.Sum(cursor => cursor.Left) < 2L * count || numbersLeft < 2L * count)
        {
            return null;
        }

        return new(
            new(codeFrom.Range.Block, codeFrom.Next, codeFrom.Next + count - 1),
            new(numberFrom.Range.Series, numberFrom.Next, numberFrom.Next + count - 1),
            new(
                Codes.SetItem(code, codeFrom with { Next = codeFrom.Next + count }),
                Numbers.SetItem(number, numberFrom with { Next = numberFrom.Next + count })));
    }

    /// <summary>Whether to ask for the next range of codes: what is left is at most a fifth of the newest range (80 % used).</summary>
    public bool CodesRunLow()
    {
        long left = 0;
        long newest = 0;
        foreach (CodeCursor cursor in Codes)
        {
            left += cursor.Left;
            newest = cursor.Range.Count;
        }

        return left * 5 <= newest;
    }

    /// <summary>Whether to ask for the next range of a year's numbers, by the measure of <see cref="CodesRunLow"/>.</summary>
    /// <param name="year">Year in its century, 0..99.</param>
    public bool NumbersRunLow(int year)
    {
        long left = 0;
        long newest = 0;
        foreach (NumberCursor cursor in Numbers)
        {
            if (cursor.Range.Series.Year == year)
            {
                left += cursor.Left;
                newest = cursor.Range.Count;
            }
        }

        return left * 5 <= newest;
    }

    private int FirstOpenCode()
    {
        for (int i = 0; i < Codes.Length; i++)
        {
            if (Codes[i].Left > 0)
            {
                return i;
            }
        }

        return -1;
    }

    private int FirstOpenNumber(int year)
    {
        for (int i = 0; i < Numbers.Length; i++)
        {
            if (Numbers[i].Left > 0 && Numbers[i].Range.Series.Year == year)
            {
                return i;
            }
        }

        return -1;
    }

    private RangeAllocation With(CodeCursor cursor)
    {
        CheckRoom(Codes.Length, cursor.Range.ToString());
        if (cursor.Next < cursor.Range.First || cursor.Left < 0)
        {
            throw new ArgumentException($"expected a cursor in {cursor.Range} or one after it, found {cursor.Next}", nameof(cursor));
        }

        foreach (CodeCursor granted in Codes)
        {
            CheckApart(granted.Range.Overlaps(cursor.Range), granted.Range.ToString(), cursor.Range.ToString());
        }

        return new(Codes.Add(cursor), Numbers);
    }

    private RangeAllocation With(NumberCursor cursor)
    {
        CheckRoom(Numbers.Length, cursor.Range.ToString());
        if (cursor.Next < cursor.Range.First || cursor.Left < 0)
        {
            throw new ArgumentException($"expected a cursor in {cursor.Range} or one after it, found {cursor.Next}", nameof(cursor));
        }

        foreach (NumberCursor granted in Numbers)
        {
            CheckApart(granted.Range.Overlaps(cursor.Range), granted.Range.ToString(), cursor.Range.ToString());
        }

        return new(Codes, Numbers.Add(cursor));
    }

    private static void CheckRoom(int count, string range)
    {
        if (count >= MaxRanges)
        {
            throw new ArgumentException($"expected at most {MaxRanges} ranges in a chain, found one more: {range}", nameof(range));
        }
    }

    private static void CheckApart(bool overlaps, string granted, string range)
    {
        if (overlaps)
        {
            throw new ArgumentException($"expected a range that was never granted, found {range}, which overlaps {granted}", nameof(range));
        }
    }
}
