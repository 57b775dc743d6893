using Invoicing.Sales;

namespace Invoicing.Tests.Sales;

public sealed class RegisterIdTests
{
    [Theory]
    [InlineData("S")]
    [InlineData("SIM-0001")]
    [InlineData("!~")]
    [InlineData("12345678901234567890123456789012")]
    public void A_serial_is_1_to_32_printable_characters(string serial)
    {
        Assert.Equal(serial, new RegisterId(serial).Value);
        Assert.Equal(new RegisterId(serial), new RegisterId(serial));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("SIM 1")]
    [InlineData("SIM\u0000")]
    [InlineData("SIM\u007F")]
    [InlineData("máy-1")]
    [InlineData("123456789012345678901234567890123")]
    public void Anything_else_is_refused(string? serial)
    {
        Assert.False(RegisterId.IsValid(serial));
        Assert.Throws<ArgumentException>(() => new RegisterId(serial!));
    }

    [Fact]
    public void Default_names_no_register() => Assert.False(RegisterId.IsValid(default(RegisterId).Value));
}
