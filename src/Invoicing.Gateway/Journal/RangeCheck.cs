using Invoicing.Chain;
using Invoicing.Invoices;

namespace Invoicing.Gateway.Journal;

/// <summary>Follows codes and numbers through entries in their order: within each range, and each lease cut out of one, they must run on without a gap.</summary>
/// <remarks>
/// Started anywhere in a chain: the first code and number of each range and lease are taken as they come, the rest must follow. A lease's
/// codes are accounted for by invoices, by holes and events whose receipts bear them, and by entries that burn them. Ranges come with the
/// enrolment and, later, with entries that note a grant.
/// </remarks>
internal sealed class RangeCheck
{
    private const long NotSeen = -1;

    private readonly InvoiceKind _kind;
    private readonly List<CodeRange> _codes = [];
    private readonly List<NumberRange> _numbers = [];
    private readonly List<long> _nextCodes = [];
    private readonly List<long> _nextNumbers = [];

    private readonly Dictionary<ulong, (RegisterLease? Lease, long Next)> _leases = [];
    private readonly bool _isFromTheStart;

    private RangeCheck(InvoiceKind kind, bool isFromTheStart)
    {
        _kind = kind;
        _isFromTheStart = isFromTheStart;
    }

    /// <summary>For a whole chain: codes and numbers must start where their ranges do.</summary>
    /// <param name="enrolment">The grant that it starts on.</param>
    public static RangeCheck FromTheStart(EnrolmentGrant enrolment)
    {
        var check = new RangeCheck(enrolment.Kind, isFromTheStart: true);
        foreach (CodeRange codes in enrolment.Codes)
        {
            check.Add(codes);
        }

        foreach (NumberRange numbers in enrolment.Numbers)
        {
            check.Add(numbers);
        }

        return check;
    }

    /// <summary>For a chain's end: the first of each range is taken as it comes.</summary>
    /// <param name="kind">Kind of the device's invoices.</param>
    /// <param name="ranges">All that the chain was granted, also at its end.</param>
    public static RangeCheck FromAnywhere(InvoiceKind kind, RangeAllocation ranges)
    {
        var check = new RangeCheck(kind, isFromTheStart: false);
        foreach (CodeCursor cursor in ranges.Codes)
        {
            check.Add(cursor.Range);
        }

        foreach (NumberCursor cursor in ranges.Numbers)
        {
            check.Add(cursor.Range);
        }

        return check;
    }

    /// <summary>Takes the next entry that notes a grant.</summary>
    public void Take(RangeGrant grant)
    {
        if (_isFromTheStart && grant.Codes is { } codes)
        {
            Add(codes);
        }

        if (_isFromTheStart && grant.Numbers is { } numbers)
        {
            Add(numbers);
        }
    }

    /// <summary>Takes the next entry's fields.</summary>
    /// <returns>What is wrong, without its position.</returns>
    public JournalFault? Take(in ContentFields fields)
    {
        if (fields.Leased is { } receipt)
        {
            return TakeLeased(receipt.Lease, receipt.Identity, fields.Record);
        }

        if (fields is { Lease: { } lease, Code: { } leased })
        {
            // The invoice of a hole bears what the hole accounted for.
            return fields.Resolves is not null ? null : TakeLeased(lease, new(leased, fields.Series, fields.Number), fields.Record);
        }

        if (fields.Code is not { } code || fields.Record is not { IsRecovered: false })
        {
            return null; // no invoice, or one whose identity another chain gave
        }

        (int codes, int numbers) = RangesOf(code.Block, code.Digits, fields.Series, fields.Number);
        if (codes < 0 || numbers < 0)
        {
            return new(0, "code and number", "ones of a granted range", $"{code}, {fields.Series} {fields.Number}");
        }

        return Step(_nextCodes, codes, code.Digits, code.Digits, "code")
            ?? Step(_nextNumbers, numbers, fields.Number, fields.Number, $"number of {fields.Series}");
    }

    /// <summary>Takes the next entry that grants or burns a lease.</summary>
    /// <returns>What is wrong, without its position.</returns>
    public JournalFault? Take(RegisterLease lease, bool isBurned)
    {
        if (isBurned)
        {
            return TakeLeased(
                lease.Id, new(new(_kind, lease.Year, lease.Codes.Block, lease.Codes.First), lease.Numbers.Series, lease.Numbers.First),
                record: null, lease.Count);
        }

        if (_leases.ContainsKey(lease.Id))
        {
            return new(0, "lease", "an id that was not given before", $"{lease.Id}");
        }

        _leases[lease.Id] = (lease, 0);
        (int codes, int numbers) = RangesOf(lease.Codes.Block, lease.Codes.First, lease.Numbers.Series, lease.Numbers.First);
        return codes < 0 || numbers < 0 || _codes[codes].Last < lease.Codes.Last || _numbers[numbers].Last < lease.Numbers.Last
            ? new(0, $"lease {lease.Id}", "codes and numbers of granted ranges", $"{lease.Codes}, {lease.Numbers}")
            : Step(_nextCodes, codes, lease.Codes.First, lease.Codes.Last, "code")
                ?? Step(_nextNumbers, numbers, lease.Numbers.First, lease.Numbers.Last, $"number of {lease.Numbers.Series}");
    }

    /// <summary>Compares with the leases that the journal keeps as not over: all others must be used up.</summary>
    public JournalFault? FaultAgainst(IEnumerable<LeaseState> open)
    {
        var known = open.ToDictionary(lease => lease.Lease.Id);
        foreach ((ulong id, (RegisterLease? lease, long next)) in _leases)
        {
            long expected = known.TryGetValue(id, out LeaseState? state) ? state.Next : lease?.Count ?? next;
            if (next != NotSeen && next != expected)
            {
                return new(0, $"cursor of lease {id}", $"{next}", $"{expected}");
            }
        }

        return null;
    }

    /// <summary>Compares with the cursors that the journal keeps.</summary>
    public JournalFault? FaultAgainst(RangeAllocation ranges)
    {
        if (_codes.Count != ranges.Codes.Length || _numbers.Count != ranges.Numbers.Length)
        {
            return new(
                0, "granted ranges", $"{_codes.Count} of codes and {_numbers.Count} of numbers", $"{ranges.Codes.Length} and {ranges.Numbers.Length}");
        }

        for (int i = 0; i < _nextCodes.Count; i++)
        {
            if (_nextCodes[i] != NotSeen && ranges.Codes[i].Next != _nextCodes[i])
            {
                return new(0, $"cursor of codes {_codes[i]}", $"{_nextCodes[i]}", $"{ranges.Codes[i].Next}");
            }
        }

        for (int i = 0; i < _nextNumbers.Count; i++)
        {
            if (_nextNumbers[i] != NotSeen && ranges.Numbers[i].Next != _nextNumbers[i])
            {
                return new(0, $"cursor of numbers {_numbers[i]}", $"{_nextNumbers[i]}", $"{ranges.Numbers[i].Next}");
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

    private static JournalFault? Step(List<long> next, int range, long found, long last, string what)
    {
        long expected = next[range];
        next[range] = last + 1;
        return expected == NotSeen || expected == found ? null : new(0, what, $"{expected}", $"{found}");
    }

    private void Add(CodeRange range)
    {
        _codes.Add(range);
        _nextCodes.Add(_isFromTheStart ? range.First : NotSeen);
    }

    private void Add(NumberRange range)
    {
        _numbers.Add(range);
        _nextNumbers.Add(_isFromTheStart ? range.First : NotSeen);
    }

    private (int Codes, int Numbers) RangesOf(string block, long digits, InvoiceSeries series, int number) =>
        (IndexOf(_codes, range => range.Block == block && range.First <= digits && digits <= range.Last),
            IndexOf(_numbers, range => range.Series == series && range.First <= number && number <= range.Last));

    private JournalFault? TakeLeased(ulong id, InvoiceIdentity identity, RegisterRecordKey? record, int count = 1)
    {
        bool isKnown = _leases.TryGetValue(id, out (RegisterLease? Lease, long Next) at);
        if (!isKnown && _isFromTheStart)
        {
            return new(0, $"code {identity.Code}", "a lease that was granted before", $"lease {id}");
        }

        if (at.Lease is not { } lease)
        {
            return null; // granted before what is checked: its cursor is the audit's part
        }

        if (record is { } bearer && LineKey.Of(bearer.Key) != new LineKey(lease.Register, lease.Epoch))
        {
            return new(0, $"lease {id}", $"a record of {lease.Register}/{lease.Epoch:x16}", $"{bearer.Key}");
        }

        int? place = lease.PlaceOf(identity);
        _leases[id] = (lease, (place ?? at.Next) + count);
        return place == at.Next && place + count <= lease.Count ? null
            : new(0, $"lease {id}", at.Next < lease.Count ? $"receipt {at.Next} of {lease.Count}" : "nothing more", $"{identity.Code}, {identity.Series} {identity.Number}");
    }
}
