using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Recording;
using Invoicing.Sales;
using Invoicing.Testing;
using static Invoicing.Gateway.Tests.Recording.RecordCalls;

namespace Invoicing.Gateway.Tests.Recording;

/// <summary>Sales that cannot become an invoice as they are: kept, held for a person, and without a number.</summary>
public sealed class HoldTests
{
    [Fact]
    public async Task A_sale_that_breaks_a_rule_is_a_hole_with_its_record_and_takes_no_number()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        RegisterRecord record = TestShop.Record(1);
        RegisterRecord wrong = record with { Sale = record.Sale! with { Total = new(1) } };

        RecordOutcome.Held held = Assert.IsType<RecordOutcome.Held>(await Record(gateway, wrong));
        RecordOutcome.Held again = Assert.IsType<RecordOutcome.Held>(await Record(gateway, wrong));
        RecordOutcome next = await Record(gateway, TestShop.Record(2));

        Assert.Contains("VN-TOTAL-2 at Total: expected 93000", held.Reason, StringComparison.Ordinal);
        Assert.Equal(held, again);
        Assert.Equal(1, Assert.IsType<RecordOutcome.Issued>(next).Invoice.Number);
        Assert.Equal(1, gateway.Status.Held);
        SignedEntry hole = Assert.Single(JournalExport.Read(shop.JournalPath), entry => entry.Kind == EntryKind.Hole);
        AssertAttached(shop, hole, record.Bytes);
    }

    [Fact]
    public async Task A_held_sale_of_an_embedder_throws_with_the_reason_and_is_durable()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        SaleHeldException fault = await Assert.ThrowsAsync<SaleHeldException>(
            () => gateway.IssueAsync(TestShop.Sale(1) with { Total = new(5) }).Soon());

        Assert.Contains("VN-TOTAL-2", fault.Reason, StringComparison.Ordinal);
        Assert.Equal(1, gateway.Status.Held);
        SignedEntry hole = Assert.Single(JournalExport.Read(shop.JournalPath), entry => entry.Kind == EntryKind.Hole);
        AssertAttached(shop, hole, SaleContent.Of(TestShop.Sale(1) with { Total = new(5) }));
    }

    [Fact]
    public async Task A_record_that_the_driver_could_not_read_is_a_hole_with_the_drivers_words()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        RecordOutcome outcome = await Record(
            gateway, TestShop.Record(1) with { Sale = null, Unreadable = "expected a total, found none" });

        Assert.Equal(new RecordOutcome.Held("expected a total, found none"), outcome);
    }

    [Fact]
    public async Task A_sale_too_large_for_a_body_is_a_hole_and_takes_no_number()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        SaleLine line = TestShop.Sale(1).Lines[0] with { Name = new string('đ', 480) };
        RegisterRecord record = TestShop.Record(1);
        Sale large = record.Sale! with { Lines = [.. Enumerable.Repeat(line, 100)], Total = new(5_800_000), Payments = [] };

        RecordOutcome.Held held = Assert.IsType<RecordOutcome.Held>(await Record(gateway, record with { Sale = large }));

        Assert.Contains("expected Invoice content of at most", held.Reason, StringComparison.Ordinal);
        Assert.Equal(1, Assert.IsType<RecordOutcome.Issued>(await Record(gateway, TestShop.Record(2))).Invoice.Number);
        Assert.True((await JournalAudit.RunAsync(shop.JournalPath).Soon()).IsSound);
    }

    [Theory]
    [InlineData(RecordKind.Void)]
    [InlineData(RecordKind.Refund)]
    public async Task A_void_or_refund_is_kept_and_held_for_a_correction(RecordKind kind)
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        RecordOutcome outcome = await Record(gateway, TestShop.Record(1) with { Kind = kind, Sale = null });

        Assert.Contains("correct its invoice", Assert.IsType<RecordOutcome.Held>(outcome).Reason, StringComparison.Ordinal);
        Assert.Equal(1, gateway.Status.Held);
    }
}
