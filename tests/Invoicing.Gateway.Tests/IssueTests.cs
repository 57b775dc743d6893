using Invoicing.Testing;

namespace Invoicing.Gateway.Tests;

public sealed class IssueTests
{
    [Fact]
    public async Task A_sale_becomes_a_coded_signed_numbered_invoice()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        IssuedInvoice first = await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        IssuedInvoice second = await gateway.IssueAsync(TestShop.Sale(2)).Soon();

        Assert.Equal("M1-26-A1B2C-00000000000", first.Invoice.Code.ToString());
        Assert.Equal("M1-26-A1B2C-00000000001", second.Invoice.Code.ToString());
        Assert.Equal([1, 2], new[] { first.Invoice.Number, second.Invoice.Number });
        Assert.Equal(93_000, first.Invoice.Total.Dong);
        Assert.Equal("MCCQT=M1-26-A1B2C-00000000000;MST=0107001729;TT=93000", first.Lookup);
        Assert.Equal(first.Entry.Position + 1, second.Entry.Position);
        Assert.Equal(second.Entry.Position, gateway.Status.HeadPosition);
    }
}
