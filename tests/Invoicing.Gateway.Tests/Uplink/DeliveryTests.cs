using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Uplink;
using Invoicing.Hashing;
using Invoicing.Testing;
using static Invoicing.Gateway.Tests.Uplink.Delivering;
using Wire = Invoicing.Protos.V1;

namespace Invoicing.Gateway.Tests.Uplink;

/// <summary>What is recorded arrives, over real TLS and real streams, at an authority that does what the test says.</summary>
public sealed class DeliveryTests
{
    [Fact]
    public async Task Entries_arrive_in_order_and_the_checkpoint_follows_the_watermark()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        await using InvoicingGateway gateway = await Open(shop, authority);
        await Issue(gateway, 1, 50);

        await Delivered(gateway);

        Assert.Equal(gateway.Status.HeadPosition, gateway.Status.Checkpoint);
        Assert.Equal(gateway.Status.HeadPosition, authority.Ledger.Count);
        Assert.Equal(SendingState.Streaming, gateway.Status.Sending.State);
        Assert.Equal(0, gateway.Status.Lag);
        Assert.Equal(TimeSpan.Zero, gateway.Status.LagAge);
        Assert.Equal(
            JournalExport.Read(shop.JournalPath).Select(e => Convert.ToHexString(e.Body.Span)),
            authority.Ledger.Select(e => Convert.ToHexString(e.Body.Span)));
    }

    [Fact]
    public async Task New_entries_name_the_newest_watermark_as_their_anchor_also_after_a_restart()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        await using (InvoicingGateway gateway = await Open(shop, authority))
        {
            IssuedInvoice first = await gateway.IssueAsync(TestShop.Sale(1)).Soon();
            await Delivered(gateway);
            IssuedInvoice second = await gateway.IssueAsync(TestShop.Sale(2)).Soon();
            Assert.True(Fields(second.Entry).Anchor is { LedgerTime: 1_782_950_400_000 });
            Assert.NotEqual(Fields(first.Entry).Anchor, Fields(second.Entry).Anchor);
            await Delivered(gateway);
        }

        await using InvoicingGateway again = await InvoicingGateway.OpenAsync(shop.Options).Soon();
        Assert.True(again.Status.Checkpoint > 0);
        Assert.NotNull(Fields((await again.IssueAsync(TestShop.Sale(3)).Soon()).Entry).Anchor);
        Assert.True((await JournalAudit.RunAsync(shop.JournalPath).Soon()).IsSound);
    }

    [Fact]
    public async Task Attachments_travel_beside_their_entries_and_match_them()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        await using InvoicingGateway gateway = await Open(shop, authority);
        Sales.RegisterRecord record = TestShop.Record(1) with { Kind = Sales.RecordKind.DayClose, Sale = null };
        await gateway.RecordAsync(record, default).Soon();
        await Delivered(gateway);

        Wire.SubmittedEntry entry = Assert.Single(authority.Submitted, e => e.Attachments.Count > 0);
        Wire.Attachment attachment = Assert.Single(entry.Attachments);
        Assert.Equal(record.Bytes.ToArray(), attachment.Content.ToByteArray());
        var commitment = Sha256Hash.Of(attachment.Salt.Span, attachment.Content.Span);
        Assert.True(entry.Body.Span.IndexOf(commitment.ToArray()) > 0);
    }

    [Fact]
    public async Task A_small_window_is_kept()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        authority.WindowEntries = 7;
        await using InvoicingGateway gateway = await Open(shop, authority);
        await Issue(gateway, 1, 100);

        await Delivered(gateway);

        Assert.InRange(authority.LargestUnanswered, 1, 7);
    }

    [Fact]
    public async Task Waiting_for_an_acknowledgement_ends_with_its_token()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(
            shop.Options with { Authority = new("https://localhost:1"), DrainTimeout = TimeSpan.Zero }).Soon();
        using CancellationTokenSource stop = new();
        Task waiting = gateway.WhenAcknowledgedAsync(1, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon());
    }

    private static EntryFields Fields(SignedEntry entry)
    {
        Assert.Null(EntryFields.Read(entry.Body.Span, out EntryFields fields));
        return fields;
    }
}
