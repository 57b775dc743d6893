using Grpc.Core;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Feed;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Protos.V1;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Enrolment;

/// <summary>Who is put out is out at once, on streams that are open too; who sees a part sees that part alone.</summary>
public sealed class StandingTests : IAsyncLifetime
{
    private const string One = "0107001729";
    private const string Two = "0200000012";

    private AuthorityHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await AuthorityHost.StartAsync();

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_follower_that_is_removed_loses_its_open_stream_with_the_reason()
    {
        ClientBundle follower = _host.AddFollower();
        ClientBundle other = _host.AddFollower("official-2");
        using AsyncServerStreamingCall<FeedMessage> call = Follow(follower);
        using AsyncServerStreamingCall<FeedMessage> stays = Follow(other);
        await HeartbeatAsync(call);
        await HeartbeatAsync(stays);

        _host.Server.Registry.RemoveClient("os:test", ClientRole.Follower, "official-1", "left the office");

        RpcException end = await EndAsync(call);
        Assert.Equal(StatusCode.PermissionDenied, end.StatusCode);
        Assert.Contains("follower 'official-1' was removed at", end.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("left the office", end.Status.Detail, StringComparison.Ordinal);
        await HeartbeatAsync(stays);
        using AsyncServerStreamingCall<FeedMessage> again = Follow(follower);
        Assert.Contains("left the office", (await EndAsync(again)).Status.Detail, StringComparison.Ordinal);

        // The name is free again, the old certificate is not.
        ClientBundle anew = _host.AddFollower();
        using AsyncServerStreamingCall<FeedMessage> back = Follow(anew);
        await HeartbeatAsync(back);
        using AsyncServerStreamingCall<FeedMessage> old = Follow(follower);
        Assert.Equal(StatusCode.PermissionDenied, (await EndAsync(old)).StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_reader_that_does_not_take_its_end_is_cut_a_second_later(bool isTaken)
    {
        var time = new ManualTime();
        int cut = 0;
        using var stream = new FeedStream(1, () => cut++, time, CancellationToken.None, CancellationToken.None);
        stream.End(new Status(StatusCode.PermissionDenied, "left the office"));
        Assert.True(stream.Token.IsCancellationRequested);
        Assert.Equal("left the office", stream.Status!.Value.Detail);
        time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(0, cut);
        if (isTaken)
        {
            stream.Dispose();
        }

        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(isTaken ? 0 : 1, cut);
    }

    [Theory]
    [InlineData(ClientStanding.Suspended, "is suspended since")]
    [InlineData(ClientStanding.Revoked, "was revoked at")]
    [InlineData(ClientStanding.Retired, "was retired at")]
    internal async Task A_device_that_is_put_out_loses_its_open_stream_with_the_reason(ClientStanding standing, string text)
    {
        ClientBundle bundle = await _host.AddDeviceAsync();
        using SampleChain chain = new SampleChain(EnrolmentGrant.Read(bundle.Enrolment)).With(invoices: 1);
        using var client = new IntakeClient(_host.Connect(bundle));
        await client.HelloAsync(chain);

        _host.Server.Registry.SetStanding("os:test", "shop-1", standing, "found in a ditch");

        RpcException end = await client.EndAsync();
        Assert.Equal(StatusCode.PermissionDenied, end.StatusCode);
        Assert.Contains(text, end.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("found in a ditch", end.Status.Detail, StringComparison.Ordinal);
        using (var again = new IntakeClient(_host.Connect(bundle)))
        {
            Assert.Equal(StatusCode.PermissionDenied, (await again.EndAsync()).StatusCode);
        }

        if (standing == ClientStanding.Suspended)
        {
            _host.Server.Registry.SetStanding("os:test", "shop-1", ClientStanding.Active, "dried");
            using var back = new IntakeClient(_host.Connect(bundle));
            await back.HelloAsync(chain);
        }
        else
        {
            InvoicingException refusal = Assert.Throws<InvoicingException>(
                () => _host.Server.Registry.SetStanding("os:test", "shop-1", ClientStanding.Active, "dried"));
            Assert.Contains("expected one that is suspended, found one that is", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_scope_holds_while_catching_up_and_live_and_heartbeats_tell_that_nothing_is_missing()
    {
        ClientBundle follower = _host.AddFollower(scope: Two);
        ClientBundle oper = _host.AddClient(ClientRole.Operator, "owner", One);
        await DeliverAsync("shop-1", One, "A1B2C", invoices: 4); // 1..5
        await DeliverAsync("shop-2", Two, "B1B2C", invoices: 2); // 6..8
        using AsyncServerStreamingCall<FeedMessage> two = Follow(follower);
        using AsyncServerStreamingCall<FeedMessage> one = Follow(oper);
        Assert.Equal([6, 7, 8], await EntriesAsync(two, until: 8, Two));
        Assert.Equal([1, 2, 3, 4, 5], await EntriesAsync(one, until: 8, One));

        await DeliverAsync("shop-3", One, "C1B2C", invoices: 1); // 9..10
        await DeliverAsync("shop-4", Two, "D1B2C", invoices: 1); // 11..12
        Assert.Equal([11, 12], await EntriesAsync(two, until: 12, Two));
        Assert.Equal([9, 10], await EntriesAsync(one, until: 12, One));

        using AsyncServerStreamingCall<FeedMessage> outside = Follow(follower, new() { Sellers = { One } });
        RpcException refusal = await EndAsync(outside);
        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
        Assert.Contains($"expected sellers of the scope of this certificate, found '{One}'", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_scope_ends_the_stream_and_holds_for_the_next()
    {
        ClientBundle follower = _host.AddFollower();
        await DeliverAsync("shop-1", One, "A1B2C", invoices: 1);
        await DeliverAsync("shop-2", Two, "B1B2C", invoices: 1);
        using AsyncServerStreamingCall<FeedMessage> all = Follow(follower);
        await HeartbeatAsync(all);

        _host.Server.Registry.SetScope("os:test", "official-1", Two);

        Assert.Equal(StatusCode.Aborted, (await EndAsync(all)).StatusCode);
        using AsyncServerStreamingCall<FeedMessage> part = Follow(follower);
        Assert.Equal([3, 4], await EntriesAsync(part, until: 4, Two));
    }

    [Fact]
    public async Task An_operator_sees_the_devices_of_its_seller_with_their_last_position_and_no_others()
    {
        ClientBundle oper = _host.AddClient(ClientRole.Operator, "owner", One);
        await DeliverAsync("shop-1", One, "A1B2C", invoices: 4);
        ClientBundle silent = await _host.AddDeviceAsync("shop-2");
        ClientBundle foreign = await _host.AddDeviceAsync("shop-3", taxCode: Two, block: "B1B2C");
        _host.Server.Registry.SetStanding("os:test", "shop-2", ClientStanding.Suspended, "broken");
        var client = new OperatorService.OperatorServiceClient(_host.Connect(oper));

        ListDevicesResponse devices = await ListAsync(client, new());
        Assert.Equal(
            [("shop-1", DeviceStanding.Active, 5ul, string.Empty), ("shop-2", DeviceStanding.Suspended, 0ul, "broken")],
            devices.Devices.Select(d => (d.Name, d.Standing, d.Position, d.Reason)));
        Assert.False(devices.More);
        Assert.Empty((await ListAsync(client, new() { After = devices.Devices[1].Enrolment })).Devices);
        var probe = new ListDevicesRequest { After = Google.Protobuf.ByteString.CopyFrom(EnrolmentGrant.Read(foreign.Enrolment).Id.ToArray()) };
        Assert.Equal(StatusCode.InvalidArgument, (await OpenTill.RefusalAsync(ListAsync(client, probe))).StatusCode);

        foreach (ClientBundle other in (ClientBundle[])[foreign, _host.AddFollower()])
        {
            Status refusal = await OpenTill.RefusalAsync(ListAsync(new(_host.Connect(other)), new()));
            Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
            Assert.Contains("expected a certificate of an operator", refusal.Detail, StringComparison.Ordinal);
        }

        _host.Server.Registry.RemoveClient("os:test", ClientRole.Operator, "owner", "sold the shop");
        Assert.Contains("sold the shop", (await OpenTill.RefusalAsync(ListAsync(client, new()))).Detail, StringComparison.Ordinal);
        Assert.NotNull(silent);
    }

    private static Task<ListDevicesResponse> ListAsync(OperatorService.OperatorServiceClient client, ListDevicesRequest request) =>
        client.ListDevicesAsync(request, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync.Soon();

    private static Task<List<long>> EntriesAsync(AsyncServerStreamingCall<FeedMessage> call, ulong until, string seller) =>
        CollectAsync(call, until, seller).Soon(TimeSpan.FromSeconds(30)); // heartbeats would come for ever

    private static async Task<List<long>> CollectAsync(AsyncServerStreamingCall<FeedMessage> call, ulong until, string seller)
    {
        var seen = new List<long>();
        while (true)
        {
            Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Soon());
            FeedMessage message = call.ResponseStream.Current;
            if (message.MessageCase == FeedMessage.MessageOneofCase.Entry)
            {
                Assert.Equal(seller, message.Entry.Seller);
                seen.Add((long)message.Entry.Index);
            }
            else if (message.Heartbeat.CompleteThrough >= until)
            {
                return seen;
            }
        }
    }

    private static async Task HeartbeatAsync(AsyncServerStreamingCall<FeedMessage> call)
    {
        do
        {
            Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Soon());
        }
        while (call.ResponseStream.Current.MessageCase != FeedMessage.MessageOneofCase.Heartbeat);
    }

    private static async Task<RpcException> EndAsync(AsyncServerStreamingCall<FeedMessage> call) => await Assert.ThrowsAsync<RpcException>(
        () => DrainAsync(call).Soon()); // heartbeats would come for ever

    private static async Task DrainAsync(AsyncServerStreamingCall<FeedMessage> call)
    {
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            // Until it ends.
        }
    }

    private AsyncServerStreamingCall<FeedMessage> Follow(ClientBundle follower, FollowRequest? request = null)
    {
        request ??= new();
        request.HeartbeatMs = 100;
        return new FeedService.FeedServiceClient(_host.Connect(follower)).Follow(request, cancellationToken: TestContext.Current.CancellationToken);
    }

    private async Task DeliverAsync(string name, string taxCode, string block, int invoices)
    {
        ClientBundle bundle = await _host.AddDeviceAsync(name, taxCode, block: block);
        using SampleChain chain = new SampleChain(EnrolmentGrant.Read(bundle.Enrolment), register: name).With(invoices);
        using var client = new IntakeClient(_host.Connect(bundle));
        await client.HelloAsync(chain);
        foreach (SignedEntry[] part in chain.Entries.Chunk(200))
        {
            await client.SendAsync(part);
        }

        await client.AnswerForAsync(chain.Head.Position, bundle);
    }
}
