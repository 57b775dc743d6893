using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Sales;
using Invoicing.Testing;
using static Invoicing.Gateway.Tests.Recording.RecordCalls;

namespace Invoicing.Gateway.Tests.Recording;

/// <summary>What becomes of a record, by its kind and its place in its line, on a real journal.</summary>
public sealed class RecordTests
{
    [Fact]
    public async Task A_sale_is_issued_and_the_same_record_gets_the_same_answer()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        RecordOutcome first = await Record(gateway, TestShop.Record(1));
        RecordOutcome again = await Record(gateway, TestShop.Record(1));

        Assert.Equal(
            new RecordOutcome.Issued(new("M1-26-A1B2C-00000000000", "C26MAA", 1), "MCCQT=M1-26-A1B2C-00000000000;MST=0107001729;TT=93000"), first);
        Assert.Equal(first, again);
    }

    [Theory]
    [InlineData(RecordKind.PowerLoss)]
    [InlineData(RecordKind.ClockChange)]
    [InlineData(RecordKind.PriceListChange)]
    [InlineData(RecordKind.NoSale)]
    public async Task A_record_that_is_no_sale_is_recorded_as_it_came(RecordKind kind)
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        RegisterRecord record = TestShop.Record(1) with { Kind = kind, Sale = null };

        Assert.Equal(new RecordOutcome.Recorded(), await Record(gateway, record));
        Assert.Equal(new RecordOutcome.Recorded(), await Record(gateway, record));

        SignedEntry entry = JournalExport.Read(shop.JournalPath).Last();
        Assert.Equal(EntryKind.RegisterEvent, entry.Kind);
        AssertAttached(shop, entry, record.Bytes);
    }

    [Fact]
    public async Task A_record_after_a_missing_one_names_the_missing_one_and_records_nothing()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await Record(gateway, TestShop.Record(1));
        long head = gateway.Status.HeadPosition;

        Assert.Equal(new RecordOutcome.Gap(2), await Record(gateway, TestShop.Record(3)));
        SaleOutOfOrderException fault = await Assert.ThrowsAsync<SaleOutOfOrderException>(() => gateway.IssueAsync(TestShop.Sale(3)).Soon());

        Assert.Equal(2UL, fault.Expected);
        Assert.Equal(head, gateway.Status.HeadPosition);
    }

    [Fact]
    public async Task A_gap_for_good_is_an_entry_and_the_line_goes_on_behind_it()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await Record(gateway, TestShop.Record(1));

        Assert.Equal(new RecordOutcome.Gap(2), await Gap(gateway, 3, 5));
        Assert.Equal(new RecordOutcome.Recorded(), await Gap(gateway, 2, 5));
        long head = gateway.Status.HeadPosition;
        Assert.Equal(new RecordOutcome.Recorded(), await Gap(gateway, 2, 5));

        Assert.Equal(head, gateway.Status.HeadPosition);
        Assert.IsType<RecordOutcome.Issued>(await Record(gateway, TestShop.Record(6)));
        Assert.IsType<RecordOutcome.Issued>(await Record(gateway, TestShop.Record(4)));
        Assert.True((await JournalAudit.RunAsync(shop.JournalPath).Soon()).IsSound);
    }

    [Fact]
    public async Task A_conflict_is_kept_once_stops_the_line_over_restarts_and_is_released_by_a_person()
    {
        using TestShop shop = new();
        RegisterRecord other = TestShop.Record(1, cake: 36_000);
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            await Record(gateway, TestShop.Record(1));
            Assert.Equal(new RecordOutcome.Conflict(TestShop.Record(1).Hash), await Record(gateway, other));
            Assert.Equal(new RecordOutcome.Conflict(TestShop.Record(1).Hash), await Record(gateway, other));
        }

        await using InvoicingGateway again = await shop.OpenAsync();
        Assert.Equal(1, again.Status.Conflicts);
        Assert.IsType<RegisterStanding.Stopped>(await again.WelcomeAsync(Hello(), default).Soon());
        Assert.IsType<RecordOutcome.NotNow>(await Record(again, TestShop.Record(2)));
        SignedEntry conflict = Assert.Single(JournalExport.Read(shop.JournalPath), entry => entry.Kind == EntryKind.Conflict);
        AssertAttached(shop, conflict, other.Bytes);

        await again.ReleaseRegisterAsync(TestShop.Register, TestShop.Epoch, "the first is right: Lan, shop owner").Soon();

        Assert.Equal(new RegisterStanding.Open(1), await again.WelcomeAsync(Hello(), default).Soon());
        Assert.IsType<RecordOutcome.Issued>(await Record(again, TestShop.Record(2)));
        Assert.Equal(new RecordOutcome.Conflict(TestShop.Record(1).Hash), await Record(again, other));
        Assert.IsType<RecordOutcome.Issued>(await Record(again, TestShop.Record(3)));
        Assert.True((await JournalAudit.RunAsync(shop.JournalPath).Soon()).IsSound);
    }
}
