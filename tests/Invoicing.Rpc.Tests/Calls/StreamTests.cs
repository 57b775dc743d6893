using Google.Protobuf;
using Grpc.Core;
using Invoicing.Rpc.Tests.Hosting;
using Invoicing.Rpc.Tests.Protocol;

namespace Invoicing.Rpc.Tests.Calls;

public sealed class StreamTests
{
    private const int MostOnTheWay = 40_000_000;

    private static readonly ByteString Block = ByteString.CopyFrom(new byte[60_000]);

    [Fact]
    public async Task A_writer_waits_for_a_server_that_does_not_read()
    {
        var end = new TaskCompletionSource();
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Collect = async (_, _) =>
            {
                await end.Task;
                return new EchoReply();
            },
        });
        using AsyncClientStreamingCall<EchoRequest, EchoReply> call = host.Client.Collect();

        long taken = await FillAsync(() => call.RequestStream.WriteAsync(new EchoRequest { Payload = Block }));

        Assert.InRange(taken, 1, MostOnTheWay);
        end.SetResult();
        await call.ResponseAsync.Soon();
    }

    [Fact]
    public async Task A_handler_waits_for_a_caller_that_does_not_read()
    {
        var taken = new TaskCompletionSource<long>();
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Expand = async (_, replies, _) => taken.SetResult(await FillAsync(() => replies.WriteAsync(new EchoReply { Payload = Block }))),
        });
        using AsyncServerStreamingCall<EchoReply> call = host.Client.Expand(new EchoRequest());

        Assert.InRange(await taken.Task.Soon(TimeSpan.FromSeconds(20)), 1, MostOnTheWay);
    }

    [Fact]
    public async Task What_waited_goes_on_when_the_other_side_reads_again()
    {
        const int Count = 1_000;
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Expand = async (_, replies, _) =>
            {
                for (int i = 1; i <= Count; i++)
                {
                    await replies.WriteAsync(new EchoReply { Number = i, Payload = Block });
                }
            },
        });
        using AsyncServerStreamingCall<EchoReply> call = host.Client.Expand(new EchoRequest());
        await call.ResponseHeadersAsync.Soon();

        Assert.Equal(Enumerable.Range(1, Count), await FourKindsTests.ReadNumbersAsync(call.ResponseStream).Soon());
    }

    [Fact]
    public async Task A_single_reply_arrives_though_none_follows()
    {
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Expand = async (_, replies, context) =>
            {
                await replies.WriteAsync(new EchoReply { Number = 1 });
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            },
        });
        using AsyncServerStreamingCall<EchoReply> call = host.Client.Expand(new EchoRequest());

        Assert.True(await call.ResponseStream.MoveNext().Soon());
        Assert.Equal(1, call.ResponseStream.Current.Number);
    }

    [Fact]
    public async Task A_reply_arrives_while_the_handler_leaves_requests_unread()
    {
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Talk = async (requests, replies, context) =>
            {
                Assert.True(await requests.MoveNext());
                await Waiting.Until(() => requests.Current.Text == "first", "read");
                await replies.WriteAsync(new EchoReply { Text = "answer" });
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            },
        });
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> call = host.Client.Talk();
        foreach (string text in new[] { "first", "second", "third" })
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = text }).Soon();
        }

        Assert.True(await call.ResponseStream.MoveNext().Soon());
        Assert.Equal("answer", call.ResponseStream.Current.Text);
    }

    [Fact]
    public async Task The_call_begins_before_the_first_request_is_written()
    {
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Talk = async (_, replies, _) => await replies.WriteAsync(new EchoReply { Text = "welcome" }),
        });
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> call = host.Client.Talk();

        Assert.True(await call.ResponseStream.MoveNext().Soon());
        Assert.Equal("welcome", call.ResponseStream.Current.Text);
    }

    [Fact]
    public async Task Replies_with_a_buffer_hint_arrive_with_the_next_or_with_the_end()
    {
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Expand = async (_, replies, _) =>
            {
                replies.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
                await replies.WriteAsync(new EchoReply { Number = 1 });
                await replies.WriteAsync(new EchoReply { Number = 2 });
            },
        });
        using AsyncServerStreamingCall<EchoReply> call = host.Client.Expand(new EchoRequest());

        Assert.Equal([1, 2], await FourKindsTests.ReadNumbersAsync(call.ResponseStream));
    }

    [Fact]
    public async Task A_handler_may_end_before_it_has_read_everything()
    {
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Collect = async (requests, _) =>
            {
                await requests.MoveNext();
                return new EchoReply { Text = requests.Current.Text };
            },
        });
        using AsyncClientStreamingCall<EchoRequest, EchoReply> call = host.Client.Collect();
        await call.RequestStream.WriteAsync(new EchoRequest { Text = "enough" }).Soon();

        Assert.Equal("enough", (await call.ResponseAsync.Soon()).Text);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Nothing_is_read_or_written_after_the_handler_has_returned()
    {
        IAsyncStreamReader<EchoRequest>? reader = null;
        IServerStreamWriter<EchoReply>? writer = null;
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Talk = (requests, replies, _) =>
            {
                reader = requests;
                writer = replies;
                return Task.CompletedTask;
            },
        });
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> call = host.Client.Talk();
        Assert.False(await call.ResponseStream.MoveNext().Soon());

        await Assert.ThrowsAsync<InvalidOperationException>(() => reader!.MoveNext());
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer!.WriteAsync(new EchoReply()));
    }

    /// <summary>Writes until a write does not end within a while; gives the bytes that were taken.</summary>
    private static async Task<long> FillAsync(Func<Task> write)
    {
        for (long taken = 0; taken < 2L * MostOnTheWay; taken += Block.Length)
        {
            Task writing = write();
            if (await Task.WhenAny(writing, Task.Delay(500)) != writing)
            {
                // The call ends with this write under way.
                _ = writing.ContinueWith(t => _ = t.Exception, TaskScheduler.Default);
                return taken;
            }

            await writing;
        }

        throw new InvalidOperationException("Never waited.");
    }
}
