using System.Collections.Immutable;
using Invoicing.Amounts;
using Invoicing.Sales;

namespace Invoicing.Tests.Sales;

public sealed class SaleTests
{
    [Fact]
    public void Arrays_left_out_or_default_are_empty()
    {
        SaleKey key = new(new RegisterId("SIM-0001"), 0x1122334455667788, 17);
        Sale sale = new() { Key = key, Total = Money.Zero, Lines = default, Payments = default(ImmutableArray<Payment>) };

        Assert.Empty(sale.Lines);
        Assert.Empty(sale.Payments);
        Assert.Empty(new Sale { Key = key, Total = Money.Zero }.Lines);
    }

    [Fact]
    public void A_key_is_written_with_its_epoch_in_hexadecimal() =>
        Assert.Equal("SIM-0001/1122334455667788/17", new SaleKey(new RegisterId("SIM-0001"), 0x1122334455667788, 17).ToString());
}
