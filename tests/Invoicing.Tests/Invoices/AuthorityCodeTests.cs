using Invoicing.Invoices;
using Invoicing.Testing;

namespace Invoicing.Tests.Invoices;

public sealed class AuthorityCodeTests
{
    /// <summary>The sample of Decision 1271/QĐ-CT, Part I.IV.3, and two codes seen on real receipts.</summary>
    [Theory]
    [InlineData("M2-25-A1B2C-00001234567", InvoiceKind.Sales, 25, "A1B2C", 1_234_567)]
    [InlineData("M1-25-MNZLR-00000001968", InvoiceKind.Vat, 25, "MNZLR", 1_968)]
    [InlineData("M1-25-7FGBT-00000000315", InvoiceKind.Vat, 25, "7FGBT", 315)]
    [InlineData("M9-00-00000-00000000000", InvoiceKind.SalesWithFees, 0, "00000", 0)]
    [InlineData("M5-99-ZZZZZ-99999999999", InvoiceKind.Other, 99, "ZZZZZ", AuthorityCode.MaxDigits)]
    public void Codes_are_read_and_written_byte_for_byte(string text, InvoiceKind kind, int year, string block, long digits)
    {
        var code = AuthorityCode.Parse(text);

        Assert.Equal((kind, year, block, digits), (code.Kind, code.Year, code.Block, code.Digits));
        Assert.Equal(new AuthorityCode(kind, year, block, digits), code);
        Assert.Equal(text, code.ToString());
        Assert.Equal(AuthorityCode.Length, text.Length);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("M0-25-A1B2C-00001234567")]
    [InlineData("N1-25-A1B2C-00001234567")]
    [InlineData("m1-25-A1B2C-00001234567")]
    [InlineData("M1-25-a1B2C-00001234567")]
    [InlineData("M1-25-A1B2Đ-00001234567")]
    [InlineData("M1-2A-A1B2C-00001234567")]
    [InlineData("M1-25-A1B2C-0000123456")]
    [InlineData("M1-25-A1B2C-000012345678")]
    [InlineData("M1-25-A1B2C-0000123456\u0000")]
    [InlineData("M1-2\u0000-A1B2C-00001234567")]
    [InlineData("M1-25-A1B2C-+0001234567")]
    [InlineData("M1-25-A1B2C-0000123456٧")]
    [InlineData("M1_25-A1B2C-00001234567")]
    [InlineData(" M1-25-A1B2C-0000123456")]
    public void Nothing_else_is_a_code(string? text)
    {
        Assert.False(AuthorityCode.TryParse(text, out AuthorityCode code));
        Assert.Equal(default, code);
        Assert.Throws<FormatException>(() => AuthorityCode.Parse(text!));
    }

    [Fact]
    public void Parts_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AuthorityCode(default, 26, "A1B2C", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AuthorityCode((InvoiceKind)10, 26, "A1B2C", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AuthorityCode(InvoiceKind.Vat, 100, "A1B2C", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AuthorityCode(InvoiceKind.Vat, -1, "A1B2C", 1));
        Assert.Throws<ArgumentException>(() => new AuthorityCode(InvoiceKind.Vat, 26, "A1B2", 1));
        Assert.Throws<ArgumentException>(() => new AuthorityCode(InvoiceKind.Vat, 26, null!, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AuthorityCode(InvoiceKind.Vat, 26, "A1B2C", -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AuthorityCode(InvoiceKind.Vat, 26, "A1B2C", AuthorityCode.MaxDigits + 1));
    }

    [Fact]
    public void Default_is_no_code_and_equals_no_code()
    {
        Assert.Equal(string.Empty, default(AuthorityCode).ToString());
        Assert.NotEqual(default, AuthorityCode.Parse("M1-00-00000-00000000000"));
    }

    [Fact]
    public void Parse_undoes_writing() => Seeded.Run(1_000, random =>
    {
        string block = new(random.GetItems<char>("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", AuthorityCode.BlockLength));
        AuthorityCode code = new((InvoiceKind)random.Next(1, 10), random.Next(100), block, random.NextInt64(AuthorityCode.MaxDigits + 1));
        Assert.Equal(code, AuthorityCode.Parse(code.ToString()));
    });
}
