using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Uplink;

/// <summary>Steps that tests of the uplink share: a gateway with short pauses, sales, and their arrival.</summary>
internal static class Delivering
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    internal static Task<InvoicingGateway> Open(TestShop shop, ScriptedAuthority authority) => InvoicingGateway.OpenAsync(shop.Options with
    {
        Authority = authority.Address,
        ReconnectDelay = TimeSpan.FromMilliseconds(20),
        ReconnectCap = TimeSpan.FromMilliseconds(200),
    }).Soon();

    internal static async Task Issue(InvoicingGateway gateway, int from, int to)
    {
        for (int i = from; i <= to; i++)
        {
            await gateway.IssueAsync(TestShop.Sale((ulong)i)).Soon(Patience);
        }
    }

    internal static Task Delivered(InvoicingGateway gateway) => gateway.WhenAcknowledgedAsync(gateway.Status.HeadPosition).Soon(Patience);
}
