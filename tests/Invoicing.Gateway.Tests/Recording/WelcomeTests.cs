using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Tests.Uplink;
using Invoicing.Hashing;
using Invoicing.Sales;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Recording;

public sealed class WelcomeTests
{
    [Fact]
    public async Task A_register_that_is_known_goes_on_where_it_stands()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        Assert.Equal(new RegisterStanding.Open(0) { IsFirstContact = true }, await gateway.WelcomeAsync(RecordCalls.Hello(), default).Soon());
        await gateway.RecordAsync(TestShop.Record(1), default).Soon();
        Assert.Equal(new RegisterStanding.Open(1), await gateway.WelcomeAsync(RecordCalls.Hello(newest: 1), default).Soon());
    }

    [Fact]
    public async Task A_new_epoch_retires_the_old_one_and_is_an_entry()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await gateway.RecordAsync(TestShop.Record(1), default).Soon();

        Assert.Equal(new RegisterStanding.Open(0), await gateway.WelcomeAsync(RecordCalls.Hello(epoch: 77), default).Soon());

        Assert.IsType<RegisterStanding.Retired>(await gateway.WelcomeAsync(RecordCalls.Hello(), default).Soon());
        Assert.IsType<RecordOutcome.NotNow>(await gateway.RecordAsync(TestShop.Record(2), default).Soon());
        Assert.IsType<RecordOutcome.Issued>(await gateway.RecordAsync(TestShop.Record(1), default).Soon());
        Assert.IsType<RecordOutcome.Issued>(await gateway.RecordAsync(TestShop.Record(1, epoch: 77), default).Soon());
        Assert.Equal(2, JournalExport.Read(shop.JournalPath).Count(entry => entry.Kind == EntryKind.RegisterEvent));
    }

    [Fact]
    public async Task A_register_behind_what_is_durable_is_an_entry_once_and_stops()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await gateway.RecordAsync(TestShop.Record(1), default).Soon();
        await gateway.RecordAsync(TestShop.Record(2), default).Soon();

        await gateway.RecordRegisterBehindAsync(RecordCalls.Hello(newest: 1), 2, default).Soon();
        long head = gateway.Status.HeadPosition;
        await gateway.RecordRegisterBehindAsync(RecordCalls.Hello(newest: 1), 2, default).Soon();

        Assert.Equal(head, gateway.Status.HeadPosition);
        Assert.IsType<RegisterStanding.Stopped>(await gateway.WelcomeAsync(RecordCalls.Hello(newest: 1), default).Soon());
        Assert.Contains("an old image", Assert.Single(gateway.Status.StoppedRegisters), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_register_without_history_waits_without_an_authority()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options with { EveryRegisterIsNew = false }).Soon();
        long head = gateway.Status.HeadPosition;

        RegisterStanding standing = await gateway.WelcomeAsync(RecordCalls.Hello(), default).Soon();

        Assert.Contains("state the register to be new", Assert.IsType<RegisterStanding.Waiting>(standing).Reason, StringComparison.Ordinal);
        Assert.IsType<RecordOutcome.NotNow>(await gateway.RecordAsync(TestShop.Record(1), default).Soon());
        Assert.Equal(head, gateway.Status.HeadPosition);
    }

    [Fact]
    public async Task A_register_without_history_goes_on_where_the_authority_says()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        var last = Sha256Hash.Of([7]);
        authority.History = request => request.Register == "SIM-0001" && request.Epoch == TestShop.Epoch
            ? new() { Known = true, EpochKnown = true, LastSequence = 7, LastRecordHash = Google.Protobuf.ByteString.CopyFrom(last.ToArray()) }
            : new();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(
            shop.Options with { EveryRegisterIsNew = false, Authority = authority.Address }).Soon();

        Assert.Equal(new RegisterStanding.Open(7), await gateway.WelcomeAsync(RecordCalls.Hello(newest: 9, acknowledged: 8), default).Soon());
        Assert.IsType<RecordOutcome.Held>(await gateway.RecordAsync(TestShop.Record(3), default).Soon());
        Assert.Equal(new RecordOutcome.Conflict(last), await gateway.RecordAsync(TestShop.Record(7), default).Soon());
        await gateway.ReleaseRegisterAsync(TestShop.Register, TestShop.Epoch, "looked at").Soon();
        Assert.IsType<RecordOutcome.Issued>(await gateway.RecordAsync(TestShop.Record(8), default).Soon());
        Assert.Equal(new RegisterStanding.Open(0) { IsFirstContact = true }, await gateway.WelcomeAsync(new(new("SIM-0009"), 1, 0, 0, 0), default).Soon());
    }

    [Fact]
    public async Task An_embedder_goes_on_where_the_authority_says_too()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        authority.History = _ => new() { Known = true, EpochKnown = true, LastSequence = 7 };
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(
            shop.Options with { EveryRegisterIsNew = false, Authority = authority.Address }).Soon();

        Assert.Equal(1, (await gateway.IssueAsync(TestShop.Sale(8)).Soon()).Invoice.Number);
        await Assert.ThrowsAsync<SaleHeldException>(() => gateway.IssueAsync(TestShop.Sale(7)).Soon());
    }
}
