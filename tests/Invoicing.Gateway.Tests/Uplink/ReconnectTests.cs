using Grpc.Core;
using Invoicing.Gateway.Recording;
using Invoicing.Gateway.Uplink;
using Invoicing.Testing;
using static Invoicing.Gateway.Tests.Uplink.Delivering;

namespace Invoicing.Gateway.Tests.Uplink;

/// <summary>Streams that end, or never begin, are tried again; recording goes on meanwhile.</summary>
public sealed class ReconnectTests
{
    [Fact]
    public async Task No_network_records_on_and_delivers_when_it_is_back()
    {
        using TestShop shop = new();
        ScriptedAuthority gone = await ScriptedAuthority.StartAsync(shop);
        int port = gone.Address.Port;
        await using InvoicingGateway gateway = await Open(shop, gone);
        await Issue(gateway, 1, 3);
        await Delivered(gateway);
        await gone.DisposeAsync();
        await Issue(gateway, 4, 10);
        await Waiting.Until(() => gateway.Status.Sending.State is SendingState.BackingOff, "backing off", Patience);
        Assert.True(gateway.Status.Lag > 0);
        Assert.Equal(RecordingState.On, gateway.Status.Recording.State);

        await using ScriptedAuthority back = await ScriptedAuthority.StartAsync(shop, port);
        back.Chain = gone.Chain;
        await Delivered(gateway);

        Assert.Equal(7, back.Ledger.Count);
    }

    [Fact]
    public async Task A_fenced_stream_comes_back_by_itself()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        authority.Status = new(StatusCode.Aborted, "fenced by a newer hello");
        await using InvoicingGateway gateway = await Open(shop, authority);
        await Waiting.Until(() => authority.Streams >= 3, "tried three times", Patience);
        Assert.Contains("another stream of this chain took over", gateway.Status.Sending.Reason, StringComparison.Ordinal);

        authority.Status = null;
        await Issue(gateway, 1, 1);
        await Delivered(gateway);
    }

    [Fact]
    public async Task An_unknown_device_is_told_so_and_records_on()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        authority.Status = new(StatusCode.PermissionDenied, "device-1 is not enrolled");
        await using InvoicingGateway gateway = await Open(shop, authority);

        await Waiting.Until(() => gateway.Status.Sending.Reason?.Contains("device-1 is not enrolled", StringComparison.Ordinal) == true, "told", Patience);
        await Issue(gateway, 1, 1);
    }

    [Fact]
    public async Task An_authority_under_another_root_is_never_trusted()
    {
        using TestShop shop = new();
        using TestShop other = new();
        await using ScriptedAuthority impostor = await ScriptedAuthority.StartAsync(other);
        await using InvoicingGateway gateway = await Open(shop, impostor);

        await Waiting.Until(() => gateway.Status.Sending.State == SendingState.BackingOff, "backing off", Patience);
        Assert.Equal(0, impostor.Streams);
    }

    [Fact]
    public async Task An_authority_that_never_answers_is_left_and_tried_again()
    {
        using TestShop shop = new();
        await using ScriptedAuthority authority = await ScriptedAuthority.StartAsync(shop);
        authority.Instead = _ => new() { Verdicts = new() };
        var time = new ManualTime(new(2026, 7, 2, 8, 0, 0, TimeSpan.Zero));
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(
            shop.Options with { Authority = authority.Address, Time = time, DrainTimeout = TimeSpan.Zero }).Soon();
        await Waiting.Until(() => gateway.Status.Sending.State == SendingState.Streaming, "streaming", Patience);
        await Issue(gateway, 1, 3);

        await Waiting.Until(
            () =>
            {
                // A handshake takes real time: the clock stands still for it, or a slow machine would never be let through.
                if (gateway.Status.Sending.State != SendingState.Connecting)
                {
                    time.Advance(TimeSpan.FromSeconds(5));
                }

                return authority.Streams >= 2;
            },
            "tried again", Patience);
    }
}
