using Invoicing.Invoices;
using Invoicing.Testing;

namespace Invoicing.Tests.Invoices;

public sealed class RangeAllocationTests
{
    private static readonly DateOnly In2026 = new(2026, 12, 31);
    private static readonly DateOnly In2027 = new(2027, 1, 1);

    [Fact]
    public void Codes_and_numbers_are_taken_in_order_from_one_range_after_the_other()
    {
        RangeAllocation ranges = Ranges(Codes(5, 6), Codes(20, 21)).Grant(Numbers("C26MAA", 1, 3)).Grant(Numbers("C26MAB", 7, 9));

        Assert.Equal(
            [
                "M1-26-A1B2C-00000000005 C26MAA 1", "M1-26-A1B2C-00000000006 C26MAA 2",
                "M1-26-A1B2C-00000000020 C26MAA 3", "M1-26-A1B2C-00000000021 C26MAB 7",
            ],
            TakeAll(ref ranges, In2026));
    }

    [Fact]
    public void A_range_that_is_used_up_is_refused_with_what_is_missing_and_nothing_is_taken()
    {
        RangeAllocation noNumbers = Ranges(Codes(1, 2)).Grant(Numbers("C26MAA", 1, 1));
        _ = TakeAll(ref noNumbers, In2026);

        RangeDraw.Exhausted exhausted = Assert.IsType<RangeDraw.Exhausted>(noNumbers.Take(InvoiceKind.Vat, In2026));
        Assert.Equal("a range of invoice numbers under a series of 2026", exhausted.Missing);
        Assert.Equal(2, noNumbers.Codes[0].Next);

        RangeAllocation noCodes = Ranges(Codes(1, 1)).Grant(Numbers("C26MAA", 1, 2));
        _ = TakeAll(ref noCodes, In2026);
        exhausted = Assert.IsType<RangeDraw.Exhausted>(noCodes.Take(InvoiceKind.Vat, In2026));
        Assert.Equal("a range of authority codes", exhausted.Missing);
        Assert.Equal(2, noCodes.Numbers[0].Next);

        exhausted = Assert.IsType<RangeDraw.Exhausted>(RangeAllocation.Empty.Take(InvoiceKind.Vat, In2027));
        Assert.Equal("a range of authority codes and a range of invoice numbers under a series of 2027", exhausted.Missing);
    }

    [Fact]
    public void A_new_year_needs_a_range_of_its_own_and_late_sales_still_find_theirs()
    {
        RangeAllocation ranges = Ranges(Codes(1, 100)).Grant(Numbers("C26MAA", 1, 100));
        Assert.IsType<RangeDraw.Exhausted>(ranges.Take(InvoiceKind.Vat, In2027));

        ranges = ranges.Grant(Numbers("C27MAA", 1, 100));
        string[] taken =
        [
            Take(ref ranges, In2026), Take(ref ranges, In2027), Take(ref ranges, In2026), Take(ref ranges, In2027),
        ];

        Assert.Equal(
            [
                "M1-26-A1B2C-00000000001 C26MAA 1", "M1-27-A1B2C-00000000002 C27MAA 1",
                "M1-26-A1B2C-00000000003 C26MAA 2", "M1-27-A1B2C-00000000004 C27MAA 2",
            ],
            taken);
    }

    [Theory]
    [InlineData(79, false)]
    [InlineData(80, true)]
    [InlineData(81, true)]
    [InlineData(100, true)]
    public void The_next_range_is_asked_for_at_80_percent(int used, bool isLow)
    {
        RangeAllocation ranges = Ranges(Codes(0, 99)).Grant(Numbers("C26MAA", 1, 100));
        for (int i = 0; i < used; i++)
        {
            _ = Take(ref ranges, In2026);
        }

        Assert.Equal(isLow, ranges.CodesRunLow());
        Assert.Equal(isLow, ranges.NumbersRunLow(26));
        Assert.True(ranges.NumbersRunLow(27));

        RangeAllocation refilled = ranges.Grant(Codes(500, 599)).Grant(Numbers("C26MAA", 500, 599));
        Assert.False(refilled.CodesRunLow());
        Assert.False(refilled.NumbersRunLow(26));
    }

    [Fact]
    public void A_range_is_never_granted_twice_in_whole_or_part()
    {
        RangeAllocation ranges = Ranges(Codes(10, 20)).Grant(Numbers("C26MAA", 10, 20));
        _ = TakeAll(ref ranges, In2026);

        Assert.Throws<ArgumentException>(() => ranges.Grant(Codes(20, 30)));
        Assert.Throws<ArgumentException>(() => ranges.Grant(Codes(12, 13)));
        Assert.Throws<ArgumentException>(() => ranges.Grant(Numbers("C26MAA", 1, 10)));
        Assert.Throws<ArgumentException>(() => ranges.Grant(Numbers("C26MAA", 10, 20)));
        Assert.IsType<RangeDraw.Taken>(
            ranges.Grant(new CodeRange("ZZZZZ", 10, 20)).Grant(Numbers("C26MAB", 10, 20)).Take(InvoiceKind.Vat, In2026));
    }

    [Fact]
    public void Restored_cursors_go_on_where_they_were()
    {
        RangeAllocation ranges = Ranges(Codes(1, 3)).Grant(Numbers("C26MAA", 1, 3));
        _ = Take(ref ranges, In2026);

        var restored = RangeAllocation.Restore(ranges.Codes, ranges.Numbers);

        Assert.Equal(Take(ref ranges, In2026), Take(ref restored, In2026));
        _ = Take(ref restored, In2026);
        restored = RangeAllocation.Restore(restored.Codes, restored.Numbers);
        Assert.IsType<RangeDraw.Exhausted>(restored.Take(InvoiceKind.Vat, In2026));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void A_cursor_outside_its_range_is_refused(int next)
    {
        Assert.Throws<ArgumentException>(() => RangeAllocation.Restore([new(Codes(1, 3), next)], []));
        Assert.Throws<ArgumentException>(() => RangeAllocation.Restore([], [new(Numbers("C26MAA", 1, 3), next)]));
    }

    [Fact]
    public void The_last_code_and_the_last_number_of_all_are_given()
    {
        RangeAllocation ranges = Ranges(Codes(AuthorityCode.MaxDigits, AuthorityCode.MaxDigits))
            .Grant(Numbers("C26MAA", NumberRange.MaxNumber, NumberRange.MaxNumber));

        Assert.Equal("M1-26-A1B2C-99999999999 C26MAA 99999999", Take(ref ranges, In2026));
        Assert.IsType<RangeDraw.Exhausted>(ranges.Take(InvoiceKind.Vat, In2026));
        Assert.True(ranges.CodesRunLow());
    }

    [Fact]
    public void There_is_a_bound_to_the_ranges_of_a_chain()
    {
        RangeAllocation ranges = RangeAllocation.Empty;
        for (int i = 0; i < RangeAllocation.MaxRanges; i++)
        {
            ranges = ranges.Grant(Codes(i, i)).Grant(Numbers("C26MAA", i + 1, i + 1));
        }

        Assert.Throws<ArgumentException>(() => ranges.Grant(Codes(9_999, 9_999)));
        Assert.Throws<ArgumentException>(() => ranges.Grant(Numbers("C26MAA", 9_999, 9_999)));
    }

    [Theory]
    [InlineData("A1B2C", 5, 4)]
    [InlineData("A1B2C", -1, 4)]
    [InlineData("A1B2C", 0, AuthorityCode.MaxDigits + 1)]
    [InlineData("A1B2c", 0, 1)]
    [InlineData(null, 0, 1)]
    public void Parts_that_are_no_range_of_codes_are_refused(string? block, long first, long last)
    {
        Assert.False(CodeRange.IsValid(block, first, last));
        Assert.Throws<ArgumentException>(() => new CodeRange(block!, first, last));
    }

    [Theory]
    [InlineData("C26MAA", 5, 4)]
    [InlineData("C26MAA", 0, 4)]
    [InlineData("C26MAA", 1, NumberRange.MaxNumber + 1)]
    [InlineData("", 1, 2)]
    [InlineData("K26MAA", 1, 2)]
    public void Parts_that_are_no_range_of_numbers_are_refused(string text, int first, int last)
    {
        _ = InvoiceSeries.TryParse(text, out InvoiceSeries series);

        Assert.False(NumberRange.IsValid(series, first, last));
        Assert.Throws<ArgumentException>(() => new NumberRange(series, first, last));
    }

    [Fact]
    public void Whatever_is_granted_restored_and_rolled_back_no_identity_comes_twice() => Seeded.Run(200, random =>
    {
        RangeAllocation ranges = RangeAllocation.Empty;
        HashSet<(string, long)> digits = [];
        HashSet<(InvoiceSeries, int)> numbers = [];
        for (int step = 0; step < 200; step++)
        {
            switch (random.Next(10))
            {
                case 0:
                    ranges = ranges.Grant(Codes(step * 1_000, (step * 1_000) + random.Next(8)));
                    break;
                case 1:
                    ranges = ranges.Grant(Numbers(random.Next(2) == 0 ? "C26MAA" : "C27MAA", (step * 1_000) + 1, (step * 1_000) + 1 + random.Next(8)));
                    break;
                case 2:
                    ranges = RangeAllocation.Restore(ranges.Codes, ranges.Numbers);
                    break;
                case 3:
                    _ = ranges.Take(InvoiceKind.Vat, In2026); // rolled back
                    break;
                default:
                    DateOnly day = random.Next(2) == 0 ? In2026 : In2027;
                    if (ranges.Take(InvoiceKind.Sales, day) is RangeDraw.Taken taken)
                    {
                        ranges = taken.Rest;
                        InvoiceIdentity identity = taken.Identity;
                        Assert.True(digits.Add((identity.Code.Block, identity.Code.Digits)), $"code {identity.Code} came twice");
                        Assert.True(numbers.Add((identity.Series, identity.Number)), $"number {identity.Series} {identity.Number} came twice");
                        Assert.Equal((InvoiceKind.Sales, day.Year % 100), (identity.Code.Kind, identity.Code.Year));
                        Assert.Equal(day.Year % 100, identity.Series.Year);
                    }

                    break;
            }
        }

        Assert.Equal(digits.Count, ranges.Codes.Sum(cursor => cursor.Next - cursor.Range.First));
        Assert.Equal(numbers.Count, ranges.Numbers.Sum(cursor => cursor.Next - cursor.Range.First));
    });

    private static CodeRange Codes(long first, long last) => new("A1B2C", first, last);

    private static NumberRange Numbers(string series, int first, int last) => new(InvoiceSeries.Parse(series), first, last);

    private static RangeAllocation Ranges(params CodeRange[] codes) =>
        codes.Aggregate(RangeAllocation.Empty, (ranges, range) => ranges.Grant(range));

    private static string Take(ref RangeAllocation ranges, DateOnly day)
    {
        RangeDraw.Taken taken = Assert.IsType<RangeDraw.Taken>(ranges.Take(InvoiceKind.Vat, day));
        ranges = taken.Rest;
        return $"{taken.Identity.Code} {taken.Identity.Series} {taken.Identity.Number}";
    }

    private static List<string> TakeAll(ref RangeAllocation ranges, DateOnly day)
    {
        List<string> all = [];
        while (ranges.Take(InvoiceKind.Vat, day) is RangeDraw.Taken)
        {
            all.Add(Take(ref ranges, day));
        }

        return all;
    }
}
