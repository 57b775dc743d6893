using Invoicing.Invoices;

namespace Invoicing.Tests.Invoices;

public sealed class InvoiceSeriesTests
{
    [Theory]
    [InlineData("C26MAA", 26, true)]
    [InlineData("C25MYY", 25, true)]
    [InlineData("K07MZQ", 7, false)]
    public void A_series_names_its_year_and_whether_it_is_coded(string text, int year, bool isCoded)
    {
        var series = InvoiceSeries.Parse(text);

        Assert.Equal((year, isCoded, text), (series.Year, series.IsCoded, series.ToString()));
        Assert.Equal(InvoiceSeries.Parse(text), series);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("C26MA")]
    [InlineData("C26MAAA")]
    [InlineData("D26MAA")]
    [InlineData("C26TAA")]
    [InlineData("C2٦MAA")]
    [InlineData("C26MA1")]
    [InlineData("C26MAa")]
    [InlineData("C26MAÂ")]
    public void Nothing_else_is_a_series_of_a_cash_register(string? text)
    {
        Assert.False(InvoiceSeries.TryParse(text, out InvoiceSeries series));
        Assert.Equal(default, series);
        Assert.Throws<FormatException>(() => InvoiceSeries.Parse(text!));
    }

    [Fact]
    public void Default_is_no_series() => Assert.Equal((string.Empty, 0, false), (default(InvoiceSeries).ToString(), default(InvoiceSeries).Year, default(InvoiceSeries).IsCoded));
}
