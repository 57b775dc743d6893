using Invoicing.Gateway.Uplink;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Uplink;

/// <summary>The uplink over real TLS and real streams, against an authority that does what the test says.</summary>
public sealed class DeliveryTests
{
    [Fact]
    public async Task Entries_arrive_in_order_and_the_checkpoint_follows_the_watermark()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        await using InvoicingGateway gateway = await Open(shop, authority);

        for (ulong i = 1; i <= 50; i++)
        {
            await gateway.IssueAsync(TestShop.Sale(i)).Soon();
        }

        await gateway.WhenAcknowledgedAsync(gateway.Status.HeadPosition).Soon();

        Assert.Equal(gateway.Status.HeadPosition, gateway.Status.Checkpoint);
        Assert.Equal(gateway.Status.HeadPosition, authority.Ledger.Count);
        Assert.Equal(SendingState.Streaming, gateway.Status.Sending.State);
        Assert.Equal(0, gateway.Status.Lag);
        Assert.Equal(TimeSpan.Zero, gateway.Status.LagAge);
    }

    internal static Task<InvoicingGateway> Open(TestShop shop, ScriptedAuthority authority, TimeProvider? time = null) =>
        InvoicingGateway.OpenAsync(shop.Options with
        {
            Authority = authority.Address,
            ReconnectDelay = TimeSpan.FromMilliseconds(20),
            ReconnectCap = TimeSpan.FromMilliseconds(200),
            Time = time ?? TimeProvider.System,
        }).Soon();
}
