using Google.Protobuf;
using Grpc.Core;
using Invoicing.Authority.Feed;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Protos.V1;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Feed;

public sealed class FeedTests
{
    [Fact]
    public async Task Nothing_is_skipped_while_many_chains_deliver_at_once()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync(segmentSize: 500);
        ClientBundle follower = host.AddFollower();
        const int Chains = 8;
        const int Each = 200;
        const int Total = Chains * (Each + 1);

        // Followers who begin at the start, in the middle of things, and each as the feed is under way.
        Task<List<FeedEntry>>[] following =
            [.. Enumerable.Range(0, 4).Select(i => CollectAsync(host, follower, from: 1 + (ulong)(i * 3), until: Total, delay: i * 50))];
        await Task.WhenAll(Enumerable.Range(0, Chains).Select(i => DeliverAsync(host, i, Each))).Soon(TimeSpan.FromSeconds(60));
        List<FeedEntry>[] seen = await Task.WhenAll(following).Soon(TimeSpan.FromSeconds(60));

        for (int i = 0; i < seen.Length; i++)
        {
            ulong from = 1 + (ulong)(i * 3);
            Assert.Equal(Total - (int)from + 1, seen[i].Count);
            Assert.All(seen[i].Select((e, at) => (e, at)), pair => Assert.Equal(from + (ulong)pair.at, pair.e.Index));
        }

        // The same bytes for all, and each chain whole, in its order.
        Assert.Equal(seen[0].Skip(9).Select(e => e.Hash), seen[3].Select(e => e.Hash));
        var checker = new FeedChecker(1);
        Assert.All(seen[0], e => Assert.Null(checker.Check(new FeedMessage { Entry = e })));
        Assert.Equal(0, checker.WithoutKey);
    }

    [Fact]
    public async Task A_follower_who_comes_later_reads_the_ledger_and_then_goes_on_live()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync(segmentSize: 64);
        ClientBundle follower = host.AddFollower();
        await DeliverAsync(host, 0, 300);
        using AsyncServerStreamingCall<FeedMessage> call = Follow(host, follower, new() { FromIndex = 1 });
        for (ulong i = 1; i <= 301; i++)
        {
            Assert.Equal(i, (await NextEntryAsync(call)).Index);
        }

        await DeliverAsync(host, 1, 5);
        for (ulong i = 302; i <= 307; i++)
        {
            Assert.Equal(i, (await NextEntryAsync(call)).Index);
        }
    }

    [Fact]
    public async Task Heartbeats_say_how_far_a_filtered_stream_is_complete()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        ClientBundle follower = host.AddFollower();
        ChainId wanted = await DeliverAsync(host, 0, 3);
        await DeliverAsync(host, 1, 4, taxCode: "0200000012");
        using AsyncServerStreamingCall<FeedMessage> bySeller = Follow(host, follower, new() { HeartbeatMs = 100, Sellers = { "0200000012" } });
        using AsyncServerStreamingCall<FeedMessage> byChain = Follow(
            host, follower, new() { HeartbeatMs = 100, Chains = { ByteString.CopyFrom(wanted.ToArray()) } });

        Assert.Equal([5UL, 6, 7, 8, 9], await IndexesUntilHeartbeatAsync(bySeller, 9));
        Assert.Equal([1UL, 2, 3, 4], await IndexesUntilHeartbeatAsync(byChain, 9));
    }

    [Fact]
    public async Task A_stream_ends_behind_the_index_asked_for()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        ClientBundle follower = host.AddFollower();
        await DeliverAsync(host, 0, 10);
        Assert.Equal([4UL, 5, 6], (await CollectAsync(host, follower, from: 4, until: 6)).Select(e => e.Index));
    }

    [Fact]
    public async Task An_index_beyond_the_ledger_is_out_of_range()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        using AsyncServerStreamingCall<FeedMessage> call = Follow(host, host.AddFollower(), new() { FromIndex = 2 });

        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Soon());
        Assert.Equal(StatusCode.OutOfRange, refusal.StatusCode);
        Assert.Contains("expected at most 1", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(99, 0)]
    [InlineData(60_001, 0)]
    [InlineData(0, 15)]
    public async Task A_request_outside_its_limits_is_told_which(int heartbeat, int chainLength)
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        var request = new FollowRequest { HeartbeatMs = (uint)heartbeat };
        if (chainLength > 0)
        {
            request.Chains.Add(ByteString.CopyFrom(new byte[chainLength]));
        }

        using AsyncServerStreamingCall<FeedMessage> call = Follow(host, host.AddFollower(), request);
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Soon());
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
    }

    private static AsyncServerStreamingCall<FeedMessage> Follow(AuthorityHost host, ClientBundle follower, FollowRequest request) =>
        new FeedService.FeedServiceClient(host.Connect(follower)).Follow(request, cancellationToken: TestContext.Current.CancellationToken);

    private static async Task<List<FeedEntry>> CollectAsync(AuthorityHost host, ClientBundle follower, ulong from, ulong until, int delay = 0)
    {
        if (delay > 0)
        {
            await Waiting.Until(() => host.Server.Feed.Head.LastIndex >= (long)from - 1, "far enough to begin", TimeSpan.FromSeconds(30));
        }

        var entries = new List<FeedEntry>();
        ulong complete = 0;
        using AsyncServerStreamingCall<FeedMessage> call = Follow(host, follower, new() { FromIndex = from, UntilIndex = until });
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            FeedMessage message = call.ResponseStream.Current;
            if (message.Heartbeat is { } heartbeat)
            {
                complete = heartbeat.CompleteThrough;
            }
            else
            {
                entries.Add(message.Entry);
            }
        }

        Assert.Equal(until, complete);
        return entries;
    }

    private static async Task<FeedEntry> NextEntryAsync(AsyncServerStreamingCall<FeedMessage> call)
    {
        do
        {
            Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Soon());
        }
        while (call.ResponseStream.Current.MessageCase != FeedMessage.MessageOneofCase.Entry);
        return call.ResponseStream.Current.Entry;
    }

    private static async Task<List<ulong>> IndexesUntilHeartbeatAsync(AsyncServerStreamingCall<FeedMessage> call, ulong through)
    {
        var indexes = new List<ulong>();
        while (true)
        {
            Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Soon());
            if (call.ResponseStream.Current.Heartbeat is { } heartbeat)
            {
                if (heartbeat.CompleteThrough == through)
                {
                    return indexes;
                }
            }
            else
            {
                indexes.Add(call.ResponseStream.Current.Entry.Index);
            }
        }
    }

    private static async Task<ChainId> DeliverAsync(AuthorityHost host, int number, int invoices, string taxCode = "0107001729")
    {
        ClientBundle bundle = await host.AddDeviceAsync($"shop-{number}", taxCode, block: taxCode[..5]);
        using var chain = new SampleChain(EnrolmentGrant.Read(bundle.Enrolment), $"SIM-{number}");
        using var client = new IntakeClient(host.Connect(bundle));
        await client.HelloAsync(chain);
        chain.With(invoices);
        foreach (SignedEntry[] part in chain.Entries.Chunk(7))
        {
            await client.SendAsync(part);
        }

        await client.AnswerForAsync(chain.Head.Position, bundle);
        return chain.Id;
    }
}
