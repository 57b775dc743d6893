using Google.Protobuf;
using Grpc.Core;
using Invoicing.Rpc.Tests.Hosting;
using Invoicing.Rpc.Tests.Protocol;

namespace Invoicing.Rpc.Tests.Calls;

public sealed class FourKindsTests
{
    [Fact]
    public async Task A_unary_call_brings_the_reply_of_its_request()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using AsyncUnaryCall<EchoReply> call = host.Client.SayAsync(new EchoRequest { Text = "bún chả" });

        EchoReply reply = await call.ResponseAsync.Soon();

        Assert.Equal("bún chả", reply.Text);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Empty(call.GetTrailers());
    }

    [Fact]
    public async Task A_unary_call_may_block_its_thread()
    {
        await using EchoHost host = await EchoHost.StartAsync();

        EchoReply reply = await Task.Run(() => host.Client.Say(new EchoRequest { Text = "phở" })).Soon();

        Assert.Equal("phở", reply.Text);
    }

    [Fact]
    public async Task An_empty_message_is_a_message()
    {
        await using EchoHost host = await EchoHost.StartAsync();

        EchoReply reply = await host.Client.SayAsync(new EchoRequest()).ResponseAsync.Soon();

        Assert.Equal(new EchoReply(), reply);
    }

    [Fact]
    public async Task A_stream_of_requests_brings_one_reply()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using AsyncClientStreamingCall<EchoRequest, EchoReply> call = host.Client.Collect();

        foreach (string word in new[] { "a", "b", "c" })
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = word, Payload = ByteString.CopyFrom(1, 2) }).Soon();
        }

        await call.RequestStream.CompleteAsync().Soon();
        EchoReply reply = await call.ResponseAsync.Soon();

        Assert.Equal(3, reply.Number);
        Assert.Equal("a b c (6 bytes)", reply.Text);
    }

    [Fact]
    public async Task A_stream_of_requests_may_be_empty()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using AsyncClientStreamingCall<EchoRequest, EchoReply> call = host.Client.Collect();

        await call.RequestStream.CompleteAsync().Soon();

        Assert.Equal(0, (await call.ResponseAsync.Soon()).Number);
    }

    [Fact]
    public async Task A_stream_of_replies_ends_with_the_status()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using AsyncServerStreamingCall<EchoReply> call = host.Client.Expand(new EchoRequest { Text = "x", Repeat = 5 });

        Assert.Equal([1, 2, 3, 4, 5], await ReadNumbersAsync(call.ResponseStream));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.False(await call.ResponseStream.MoveNext().Soon());
    }

    [Fact]
    public async Task A_stream_of_replies_may_be_empty()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using AsyncServerStreamingCall<EchoReply> call = host.Client.Expand(new EchoRequest());

        Assert.False(await call.ResponseStream.MoveNext().Soon());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Both_sides_of_a_duplex_call_talk_in_turn()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> call = host.Client.Talk();

        for (int i = 1; i <= 3; i++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = $"word {i}" }).Soon();
            Assert.True(await call.ResponseStream.MoveNext().Soon());
            Assert.Equal($"word {i}", call.ResponseStream.Current.Text);
            Assert.Equal(i, call.ResponseStream.Current.Number);
        }

        await call.RequestStream.CompleteAsync().Soon();
        Assert.False(await call.ResponseStream.MoveNext().Soon());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Theory]
    [InlineData(1, 20_000)]
    [InlineData(500, 20_000)]
    [InlineData(70_000, 200)]
    public async Task Many_messages_of_any_size_keep_their_order_both_ways_at_once(int size, int count)
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> call = host.Client.Talk();
        var payload = ByteString.CopyFrom(new byte[size]);

        var writing = Task.Run(async () =>
        {
            for (int i = 0; i < count; i++)
            {
                await call.RequestStream.WriteAsync(new EchoRequest { Text = $"{i}", Payload = payload });
            }

            await call.RequestStream.CompleteAsync();
        });
        Task<int> reading = Task.Run(async () =>
        {
            int next = 0;
            await foreach (EchoReply reply in call.ResponseStream.ReadAllAsync())
            {
                Assert.Equal($"{next++}", reply.Text);
                Assert.Equal(size, reply.Payload.Length);
            }

            return next;
        });

        await writing.Soon(TimeSpan.FromSeconds(30));
        Assert.Equal(count, await reading.Soon(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_hundred_calls_at_once_share_the_channel()
    {
        await using EchoHost host = await EchoHost.StartAsync();

        EchoReply[] replies = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(i => host.Client.SayAsync(new EchoRequest { Text = $"{i}" }).ResponseAsync)).Soon();

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), replies.Select(reply => reply.Text));
    }

    [Fact]
    public async Task A_message_of_three_megabytes_arrives_whole()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        byte[] payload = new byte[3_000_000];
        new Random(7).NextBytes(payload);

        EchoReply reply = await host.Client.SayAsync(new EchoRequest { Payload = ByteString.CopyFrom(payload) }).ResponseAsync.Soon();

        Assert.True(reply.Payload.Span.SequenceEqual(payload));
    }

    [Fact]
    public async Task One_write_and_one_read_at_a_time()
    {
        var begun = new TaskCompletionSource();
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Talk = async (requests, replies, context) =>
            {
                begun.SetResult();
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            },
        });
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> call = host.Client.Talk();
        await begun.Task.Soon();

        Task<bool> reading = call.ResponseStream.MoveNext();
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.ResponseStream.MoveNext());

        var large = new EchoRequest { Payload = ByteString.CopyFrom(new byte[8_000_000]) };
        Task writing = call.RequestStream.WriteAsync(large);
        InvalidOperationException second = await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(large));
        Assert.Equal("Can't write the message because the previous write is in progress.", second.Message);
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.CompleteAsync());

        call.Dispose();
        await Failing.With(StatusCode.Cancelled, reading);
        await Failing.With(StatusCode.Cancelled, writing);
    }

    [Fact]
    public async Task Nothing_is_written_after_the_request_was_completed()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using AsyncClientStreamingCall<EchoRequest, EchoReply> call = host.Client.Collect();
        await call.RequestStream.CompleteAsync().Soon();

        InvalidOperationException refusal =
            await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new EchoRequest()));

        Assert.Equal("Request stream has already been completed.", refusal.Message);
    }

    [Fact]
    public async Task A_call_that_is_not_over_has_no_status_and_no_trailers()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> call = host.Client.Talk();

        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(() => call.GetTrailers());
    }

    internal static async Task<List<int>> ReadNumbersAsync(IAsyncStreamReader<EchoReply> replies)
    {
        List<int> numbers = [];
        while (await replies.MoveNext(TestContext.Current.CancellationToken).Soon())
        {
            numbers.Add((int)replies.Current.Number);
        }

        return numbers;
    }
}
