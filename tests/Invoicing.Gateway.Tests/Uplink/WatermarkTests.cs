using Invoicing.Chain;
using Invoicing.Gateway.Recording;
using Invoicing.Gateway.Uplink;
using Invoicing.Hashing;
using Invoicing.Signing;
using Invoicing.Testing;
using static Invoicing.Gateway.Tests.Uplink.Delivering;

namespace Invoicing.Gateway.Tests.Uplink;

/// <summary>What an authority says to hold: proven and foreign, it stops recording; unproven, it moves nothing; behind, it is sent again.</summary>
public sealed class WatermarkTests
{
    [Fact]
    public async Task A_watermark_with_another_hash_stops_recording_for_good()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        authority.Bend = _ => authority.Watermark(1, Sha256Hash.Of([9]));
        await using (InvoicingGateway gateway = await Open(shop, authority))
        {
            await AssertForeign(gateway);
        }

        await using InvoicingGateway again = await InvoicingGateway.OpenAsync(shop.Options).Soon();
        Assert.Equal(RecordingState.Stopped, again.Status.Recording.State);
        await Assert.ThrowsAsync<NotRecordedException>(() => again.IssueAsync(TestShop.Sale(99)).Soon());
    }

    [Fact]
    public async Task A_watermark_ahead_of_the_journal_stops_recording_for_good()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        authority.Bend = _ => authority.Watermark(5_000, Sha256Hash.Of([9]));
        await using InvoicingGateway gateway = await Open(shop, authority);

        await AssertForeign(gateway);
    }

    [Fact]
    public async Task A_journal_restored_from_a_backup_is_found_at_the_first_hello()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        await using (InvoicingGateway gateway = await Open(shop, authority))
        {
            await Issue(gateway, 1, 3);
            await Delivered(gateway);
        }

        string backup = shop.JournalPath + ".backup";
        File.Copy(shop.JournalPath, backup);
        await using (InvoicingGateway gateway = await Open(shop, authority))
        {
            await Issue(gateway, 4, 9);
            await Delivered(gateway);
        }

        File.Copy(backup, shop.JournalPath, overwrite: true);
        await using InvoicingGateway restored = await Open(shop, authority);
        await Waiting.Until(() => restored.Status.Recording.State == RecordingState.Stopped, "stopped", Patience);
        await Waiting.Until(() => restored.Status.Sending.State == SendingState.Halted, "halted", Patience);
    }

    [Theory]
    [InlineData("signature")]
    [InlineData("chain")]
    [InlineData("leaf")]
    [InlineData("key")]
    public async Task A_watermark_that_proves_nothing_moves_no_checkpoint_and_stops_nothing(string lie)
    {
        using TestShop shop = new();
        using var stranger = SoftwareSigner.Create();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        await using InvoicingGateway gateway = await Open(shop, authority);
        await Issue(gateway, 1, 1);
        await Delivered(gateway);
        long before = gateway.Status.Checkpoint;
        authority.Bend = truth => lie switch
        {
            "signature" => truth with { Signature = new(new byte[64]) },
            "chain" => authority.Watermark(3, authority.Chain!.Hash, ChainId.Create()),
            "leaf" => truth with { Leaf = authority.Watermark(2, authority.Chain!.Hash).Leaf },
            _ => WatermarkSigner.Sign([new(authority.Chain!.Chain, authority.Chain.Position, authority.Chain.Hash, 0)], 1, 1, stranger)[0],
        };
        int streams = authority.Streams;
        await Issue(gateway, 2, 2);

        await Waiting.Until(() => authority.Streams > streams + 1, "tried again", Patience);
        Assert.Equal(before, gateway.Status.Checkpoint);
        Assert.Equal(RecordingState.On, gateway.Status.Recording.State);

        authority.Bend = null;
        await Delivered(gateway);
    }

    [Fact]
    public async Task An_authority_that_lost_something_gets_it_again_with_an_alarm()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        await using (InvoicingGateway gateway = await Open(shop, authority))
        {
            await Issue(gateway, 1, 20);
            await Delivered(gateway);
        }

        int held = authority.Ledger.Count;
        authority.LoseAfter(5);
        using ManualResetEventSlim slow = new();
        authority.Instead = _ =>
        {
            slow.Wait(Patience);
            return null;
        };
        await using InvoicingGateway again = await Open(shop, authority);
        await Waiting.Until(() => again.Status.Alarm is not null, "alarmed", Patience);
        Assert.Contains("it lost something", again.Status.Alarm, StringComparison.Ordinal);
        Assert.Equal(RecordingState.On, again.Status.Recording.State);

        slow.Set();
        await again.IssueAsync(TestShop.Sale(21)).Soon();
        await Waiting.Until(() => authority.Ledger.Count > held, "sent again", Patience);
        await Delivered(again);
        await Waiting.Until(() => again.Status.Alarm is null, "over", Patience);
    }

    private static async Task AssertForeign(InvoicingGateway gateway)
    {
        // It says so with its first answer.
        await Waiting.Until(() => gateway.Status.Recording.State == RecordingState.Stopped, "stopped", Patience);
        await Waiting.Until(() => gateway.Status.Sending.State == SendingState.Halted, "halted", Patience);
        Assert.Contains("edge succeed", gateway.Status.Recording.WayOut, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotRecordedException>(() => gateway.IssueAsync(TestShop.Sale(99)).Soon());
    }
}
