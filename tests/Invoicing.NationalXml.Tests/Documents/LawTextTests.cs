using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.NationalXml.Documents;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.NationalXml.Tests.Documents;

public sealed class LawTextTests
{
    [Theory]
    [InlineData("1", "1")]
    [InlineData("1.500000", "1.5")]
    [InlineData("0.000001", "0.000001")]
    [InlineData("-0.0000001", "0")]
    [InlineData("-2.5", "-2.5")]
    [InlineData("100", "100")]
    [InlineData("23148.1481485", "23148.148149")]
    [InlineData("999999999999999.999999", "999999999999999.999999")]
    public void Numbers_have_at_most_six_decimals_and_no_zeros_behind_them(string value, string text) =>
        Assert.Equal(text, LawText.Of(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void The_sentences_of_the_statute_are_written()
    {
        Assert.Equal(
            "Thay thế cho hóa đơn Mẫu số 1 ký hiệu C26MAA số 17 ngày 02 tháng 7 năm 2026",
            Sentence(TestInvoices.Correct(CorrectionType.Replacement)));
        Correction old = TestInvoices.Correct(CorrectionType.Adjustment);
        Assert.Equal(
            "Điều chỉnh cho hóa đơn Mẫu số 1 ký hiệu C26MAA số 17 ngày 25 tháng 02 năm 2026",
            Sentence(old with { Corrected = old.Corrected with { IssuedOn = new(2026, 2, 25) } }));
    }

    [Theory]
    [InlineData("TM/CK")]
    [InlineData("TM", PaymentMeans.Cash)]
    [InlineData("CK", PaymentMeans.Card, PaymentMeans.Wallet, PaymentMeans.Transfer)]
    [InlineData("TM/CK", PaymentMeans.Transfer, PaymentMeans.Cash)]
    [InlineData("TM/Khác", PaymentMeans.Voucher, PaymentMeans.Cash)]
    [InlineData("TM/CK", PaymentMeans.Unspecified)]
    public void Means_of_payment_are_named(string text, params PaymentMeans[] means) =>
        Assert.Equal(text, LawText.Means(means.Select(mean => new Payment(mean, new Money(1)))));

    [Fact]
    public void Times_are_those_of_Vietnam() =>
        Assert.Equal("2026-07-03T00:15:03", LawText.Of(new DateTimeOffset(2026, 7, 2, 17, 15, 3, TimeSpan.Zero)));

    private static string Sentence(Correction correction) => CorrectionText.Of(correction.Type, correction.Corrected);
}
