using Invoicing.Amounts;

namespace Invoicing.Tests.Amounts;

public sealed class TaxRateTests
{
    public static TheoryData<TaxRate, string, int> Rates => new()
    {
        { TaxRate.Zero, "0%", 0 },
        { TaxRate.Five, "5%", 500 },
        { TaxRate.Eight, "8%", 800 },
        { TaxRate.Ten, "10%", 1000 },
        { TaxRate.NotSubject, "KCT", 0 },
        { TaxRate.NotDeclared, "KKKNT", 0 },
        { TaxRate.Other(526), "KHAC:05.26%", 526 },
        { TaxRate.Other(9999), "KHAC:99.99%", 9999 },
    };

    [Theory]
    [MemberData(nameof(Rates))]
    public void Rates_are_written_as_the_law_writes_them_and_rebuilt_from_their_parts(TaxRate rate, string text, int hundredths)
    {
        Assert.Equal(text, rate.ToString());
        Assert.True(text.Length <= 11, "TSuat has 11 characters");
        Assert.Equal(hundredths, rate.Hundredths);
        Assert.Equal(rate, TaxRate.Of(rate.Kind, rate.Hundredths));
    }

    [Theory]
    [InlineData(TaxRateKind.Percent, 700)]
    [InlineData(TaxRateKind.Percent, -500)]
    [InlineData(TaxRateKind.NotSubject, 500)]
    [InlineData(TaxRateKind.NotDeclared, 1)]
    [InlineData(TaxRateKind.Other, -1)]
    [InlineData(TaxRateKind.Other, 10_000)]
    [InlineData((TaxRateKind)4, 0)]
    public void Parts_that_name_no_rate_are_refused(TaxRateKind kind, int hundredths) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TaxRate.Of(kind, hundredths));

    [Fact]
    public void A_rate_of_another_kind_is_another_rate()
    {
        Assert.NotEqual(TaxRate.Eight, TaxRate.Other(800));
        Assert.NotEqual(TaxRate.Zero, TaxRate.NotSubject);
        Assert.Equal(TaxRate.Zero, default);
    }
}
