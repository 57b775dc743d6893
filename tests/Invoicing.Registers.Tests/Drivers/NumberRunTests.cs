using Invoicing.Registers.Drivers;
using Invoicing.Sales;

namespace Invoicing.Registers.Tests.Drivers;

public sealed class NumberRunTests
{
    private readonly NumberRun _run = new();

    [Theory]
    [InlineData("7 8 9", "")]
    [InlineData("7 9", "8-8")]
    [InlineData("0007 0012 0013", "0008-0011")]
    [InlineData("7 9 8 10", "8-8")] // a late one
    [InlineData("7 7 8", "")]
    [InlineData("98 99 1 2", "")] // counted anew
    [InlineData("98 99 3 4", "1-2")]
    [InlineData("98 99 5000", "100-4999")]
    [InlineData("5000 98 99", "1-97")]
    [InlineData("5000 498 499", "")] // another till's, or set by somebody
    [InlineData("A-7 B-1 A-8 B-2 A-9", "")] // two tills on one line
    [InlineData("A-7 B-1 A-9 B-4", "A-8-A-8 B-2-B-3")]
    [InlineData("x y z", "")]
    [InlineData("7 99999999999999999999 8", "")]
    public void A_number_that_is_left_out_is_missing(string numbers, string expected) =>
        Assert.Equal(expected, string.Join(' ', numbers.Split(' ').Select(number => Next(number)).OfType<string>()));

    [Fact]
    public void What_is_no_sale_takes_its_number_and_begins_no_count()
    {
        Assert.Null(Next("7"));
        Assert.Null(Next("8", CaptureClass.Other)); // a refund
        Assert.Null(Next("9", CaptureClass.Torn));
        Assert.Null(Next("9")); // and printed again
        Assert.Null(Next("4", CaptureClass.Other));
        Assert.Null(Next("30", CaptureClass.Copy));
        Assert.Null(Next("31", CaptureClass.ProForma));
        Assert.Equal("10-11", Next("12"));
        Assert.Null(Next("1", CaptureClass.Other)); // the day's report, and the first of a new count
        Assert.Null(Next("2"));
    }

    [Fact]
    public void A_new_day_begins_with_its_first_number()
    {
        Assert.Null(Next("41", scope: "2026-07-01"));
        Assert.Null(Next("1", scope: "2026-07-02"));
        Assert.Equal("1-2", Next("3", scope: "2026-07-03"));
        Assert.Null(Next("4", scope: "2026-07-03"));
    }

    [Fact]
    public void Tills_beyond_those_that_are_remembered_begin_anew()
    {
        for (int round = 0; round < 2; round++)
        {
            Assert.All(Enumerable.Range(0, 20), till => Assert.Null(Next($"{(char)('A' + till)}{5 + (round * 5)}")));
        }
    }

    private string? Next(string number, CaptureClass piece = CaptureClass.Sale, string scope = "") =>
        _run.Next(new(number, scope), piece) is { } gap ? $"{gap.First}-{gap.Last}" : null;
}
