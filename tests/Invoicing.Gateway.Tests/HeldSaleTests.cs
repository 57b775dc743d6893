using Invoicing.Gateway.Journal;
using Invoicing.Sales;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests;

/// <summary>Held sales, and how they become invoices after all.</summary>
public sealed class HeldSaleTests
{
    [Fact]
    public async Task A_held_sale_that_was_put_right_becomes_an_invoice_and_its_record_gets_it_from_then_on()
    {
        using TestShop shop = new();
        RegisterRecord wrong = TestShop.Record(1) with { Sale = TestShop.Sale(1) with { Total = new(5) } };
        IssuedInvoice issued;
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            await Record(gateway, wrong);
            HeldRecord held = Assert.Single(gateway.ReadHeld());
            Assert.Equal((wrong.Key, "VN-PAYMENTS-2"), (held.Key, held.Rule));
            Assert.Equal(wrong.Bytes.ToArray(), held.Record.ToArray());

            issued = await gateway.ResolveHeldAsync(held.Position, TestShop.Sale(99)).Soon();

            Assert.Equal((wrong.Key, wrong.Hash), (issued.Invoice.Sale.Key, issued.Invoice.Sale.RecordHash!.Value));
            Assert.Equal(JournalExport.Read(shop.JournalPath).First(entry => entry.Position == held.Position).Hash, issued.Invoice.Resolves);
            Assert.Equal(new RecordOutcome.Issued(issued.Invoice.Printed, issued.Lookup), await Record(gateway, wrong));
            Assert.Equal(0, gateway.Status.Held);
            Assert.Empty(gateway.ReadHeld());
        }

        await using InvoicingGateway again = await shop.OpenAsync();
        Assert.Equal(new RecordOutcome.Issued(issued.Invoice.Printed, issued.Lookup), await Record(again, wrong));
        Assert.Equal(0, again.Status.Held);
        Assert.True((await JournalAudit.RunAsync(shop.JournalPath).Soon(TimeSpan.FromSeconds(60))).IsSound);
    }

    [Fact]
    public async Task What_is_still_wrong_stays_held_and_a_hole_is_closed_once()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await Record(gateway, TestShop.Record(1) with { Sale = TestShop.Sale(1) with { Total = new(5) } });
        long position = Assert.Single(gateway.ReadHeld()).Position;

        SaleHeldException still = await Assert.ThrowsAsync<SaleHeldException>(
            () => gateway.ResolveHeldAsync(position, TestShop.Sale(1) with { Total = new(6), Payments = [] }).Soon());
        await gateway.ResolveHeldAsync(position, TestShop.Sale(1)).Soon();
        SaleHeldException twice = await Assert.ThrowsAsync<SaleHeldException>(() => gateway.ResolveHeldAsync(position, TestShop.Sale(1)).Soon());
        SaleHeldException other = await Assert.ThrowsAsync<SaleHeldException>(() => gateway.ResolveHeldAsync(1, TestShop.Sale(1)).Soon());

        Assert.Contains("VN-TOTAL-2", still.Reason, StringComparison.Ordinal);
        Assert.Contains("a sale that is still held", twice.Reason, StringComparison.Ordinal);
        Assert.Contains("the entry of a held sale", other.Reason, StringComparison.Ordinal);
    }

    private static Task<RecordOutcome> Record(InvoicingGateway gateway, RegisterRecord record) =>
        gateway.RecordAsync(record, TestContext.Current.CancellationToken).Soon();
}
