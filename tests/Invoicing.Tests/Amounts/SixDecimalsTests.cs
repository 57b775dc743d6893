using System.Globalization;
using Invoicing.Amounts;
using Invoicing.Testing;

namespace Invoicing.Tests.Amounts;

public sealed class SixDecimalsTests
{
    [Theory]
    [InlineData("0", 0L, 0)]
    [InlineData("1.5", 1L, 500_000)]
    [InlineData("-1.5", -1L, -500_000)]
    [InlineData("0.000001", 0L, 1)]
    [InlineData("-0.000001", 0L, -1)]
    [InlineData("999999999999999.999999", 999_999_999_999_999L, 999_999)]
    [InlineData("-999999999999999.999999", -999_999_999_999_999L, -999_999)]
    [InlineData("1.5000000000", 1L, 500_000)]
    public void Values_split_into_units_and_millionths_of_one_sign(string text, long units, int micros)
    {
        decimal value = decimal.Parse(text, CultureInfo.InvariantCulture);

        Assert.Equal((units, micros), SixDecimals.Split(value));
        Assert.Equal(value, SixDecimals.Join(units, micros));
    }

    [Theory]
    [InlineData("0.0000001")]
    [InlineData("1000000000000000")]
    [InlineData("-1000000000000000")]
    [InlineData("999999999999999.9999991")]
    [InlineData("79228162514264337593543950335")]
    public void Values_with_more_digits_than_the_law_allows_do_not_fit(string text)
    {
        decimal value = decimal.Parse(text, CultureInfo.InvariantCulture);

        Assert.False(SixDecimals.Fits(value));
        Assert.Throws<ArgumentOutOfRangeException>(() => SixDecimals.Split(value));
    }

    [Theory]
    [InlineData(1, -1)]
    [InlineData(-1, 1)]
    [InlineData(0, 1_000_000)]
    [InlineData(0, int.MinValue)]
    public void Parts_that_no_value_splits_into_are_refused(long units, int micros) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SixDecimals.Join(units, micros));

    [Fact]
    public void Join_undoes_split() => Seeded.Run(2_000, random =>
    {
        decimal value = random.NextInt64(-999_999_999_999_999, 1_000_000_000_000_000) + (random.Next(-999_999, 1_000_000) / 1_000_000m);
        Assert.Equal(value, SixDecimals.Fits(value) ? Joined(value) : value);
        Assert.True(SixDecimals.Fits(value) || decimal.Abs(value) > SixDecimals.Limit);
    });

    private static decimal Joined(decimal value)
    {
        (long units, int micros) = SixDecimals.Split(value);
        Assert.True(Math.Abs((long)micros) < SixDecimals.Scale);
        return SixDecimals.Join(units, micros);
    }
}
