using Invoicing.Amounts;

namespace Invoicing.Tests.Amounts;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("0.4", 0)]
    [InlineData("0.5", 1)]
    [InlineData("-0.5", -1)]
    [InlineData("1.5", 2)]
    [InlineData("2.5", 3)]
    [InlineData("2.499999", 2)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Rounding_takes_halves_away_from_zero(string amount, long expected) =>
        Assert.Equal(expected, Money.Round(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture)).Dong);

    [Fact]
    public void What_does_not_fit_throws_and_never_wraps()
    {
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue) + new Money(1));
        Assert.Throws<OverflowException>(() => new Money(long.MinValue) - new Money(1));
        Assert.Throws<OverflowException>(() => -new Money(long.MinValue));
        Assert.Throws<OverflowException>(() => Money.Round(9223372036854775807.5m));
    }

    [Fact]
    public void Money_is_ordered_by_amount_and_zero_by_default()
    {
        Assert.Equal(Money.Zero, default);
        Assert.True(new Money(-1) < Money.Zero);
        Assert.True(new Money(1) >= new Money(1));
        Assert.Equal(0, new Money(7).CompareTo(new Money(7)));
    }

    [Fact]
    public void Text_is_for_people_and_alike_in_every_culture() => Assert.Equal("-120000 ₫", new Money(-120_000).ToString());
}
