using Invoicing.Invoices;

namespace Invoicing.Tests.Invoices;

public sealed class TaxCodeTests
{
    /// <summary>Codes of public companies; the second has a remainder of 10 and so the check digit 0.</summary>
    [Theory]
    [InlineData("0107001729", true)]
    [InlineData("0312270160", true)]
    [InlineData("0100109106", true)]
    [InlineData("3600642822", true)]
    [InlineData("0106026495", true)]
    [InlineData("0107001729-001", true)]
    [InlineData("079090123456", true)]
    [InlineData("0107001730", false)] // the law's own samples fail: hence a warning and not a fault
    [InlineData("0107001731", false)]
    [InlineData("0107001732", false)]
    [InlineData("0107001728-001", false)]
    [InlineData("0000000000", false)]
    public void A_tax_code_is_read_whether_or_not_its_check_digit_agrees(string text, bool hasValidCheckDigit)
    {
        var code = TaxCode.Parse(text);

        Assert.Equal(text, code.ToString());
        Assert.Equal(TaxCode.Parse(text), code);
        Assert.Equal(hasValidCheckDigit, code.HasValidCheckDigit);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("010700172")]
    [InlineData("01070017290")]
    [InlineData("0107001729001")]
    [InlineData("0107001729 001")]
    [InlineData("0107001729-01A")]
    [InlineData("0107001729-0011")]
    [InlineData("010700172٩")]
    [InlineData("07909012345X")]
    public void Nothing_else_is_a_tax_code(string? text)
    {
        Assert.False(TaxCode.TryParse(text, out TaxCode code));
        Assert.Equal(default, code);
        Assert.Throws<FormatException>(() => TaxCode.Parse(text!));
    }

    [Fact]
    public void Default_is_no_tax_code() => Assert.Equal((string.Empty, false), (default(TaxCode).ToString(), default(TaxCode).HasValidCheckDigit));
}
