using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Invoicing.Rpc.Tests.Hosting;
using Invoicing.Rpc.Tests.Protocol;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Invoicing.Rpc.Tests.Calls;

public sealed class LimitsTests
{
    private const string ReceivedTooLarge = "Received message exceeds the maximum configured message size.";
    private const string SendingTooLarge = "Sending message exceeds the maximum configured message size.";

    private static readonly EchoRequest FiveMegabytes = new() { Payload = ByteString.CopyFrom(new byte[5 * 1024 * 1024]) };

    [Fact]
    public async Task Four_megabytes_are_the_most_that_either_side_takes_unless_told()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        await using EchoHost generous = await EchoHost.StartAsync(server: options => options.MaxReceiveMessageSize = null);

        RpcException request = await Failing.With(StatusCode.ResourceExhausted, host.Client.SayAsync(FiveMegabytes).ResponseAsync);
        RpcException reply = await Failing.With(StatusCode.ResourceExhausted, generous.Client.SayAsync(FiveMegabytes).ResponseAsync);

        Assert.Equal(ReceivedTooLarge, request.Status.Detail);
        Assert.Equal(ReceivedTooLarge, reply.Status.Detail);
    }

    [Fact]
    public async Task Raised_limits_let_it_pass()
    {
        await using EchoHost host = await EchoHost.StartAsync(
            server: options => options.MaxReceiveMessageSize = 6_000_000,
            channel: new GrpcChannelOptions { MaxReceiveMessageSize = null });

        EchoReply reply = await host.Client.SayAsync(FiveMegabytes).ResponseAsync.Soon();

        Assert.Equal(FiveMegabytes.Payload.Length, reply.Payload.Length);
    }

    [Fact]
    public async Task The_limit_is_exact()
    {
        var request = new EchoRequest { Text = new string('x', 100) };
        int size = request.CalculateSize();
        await using EchoHost exact = await EchoHost.StartAsync(server: options => options.MaxReceiveMessageSize = size);
        await using EchoHost less = await EchoHost.StartAsync(server: options => options.MaxReceiveMessageSize = size - 1);

        await exact.Client.SayAsync(request).ResponseAsync.Soon();
        await Failing.With(StatusCode.ResourceExhausted, less.Client.SayAsync(request).ResponseAsync);
    }

    [Fact]
    public async Task What_is_too_large_is_not_sent()
    {
        await using EchoHost host = await EchoHost.StartAsync(
            server: options => options.MaxSendMessageSize = 200, channel: new GrpcChannelOptions { MaxSendMessageSize = 2_000 });

        RpcException request =
            await Failing.With(StatusCode.ResourceExhausted, host.Client.SayAsync(FiveMegabytes).ResponseAsync);
        RpcException reply = await Failing.With(
            StatusCode.ResourceExhausted, host.Client.SayAsync(new EchoRequest { Text = new string('x', 1_000) }).ResponseAsync);

        Assert.Equal(SendingTooLarge, request.Status.Detail);
        Assert.Equal(SendingTooLarge, reply.Status.Detail);
    }

    [Fact]
    public async Task A_message_that_is_too_large_for_a_stream_leaves_the_stream_as_it_was()
    {
        await using EchoHost host = await EchoHost.StartAsync(channel: new GrpcChannelOptions { MaxSendMessageSize = 1_000 });
        using AsyncClientStreamingCall<EchoRequest, EchoReply> call = host.Client.Collect();

        await call.RequestStream.WriteAsync(new EchoRequest { Text = "a" }).Soon();
        await Failing.With(StatusCode.ResourceExhausted, () => call.RequestStream.WriteAsync(FiveMegabytes));
        await call.RequestStream.WriteAsync(new EchoRequest { Text = "b" }).Soon();
        await call.RequestStream.CompleteAsync().Soon();

        Assert.Equal("a b (0 bytes)", (await call.ResponseAsync.Soon()).Text);
    }

    [Fact]
    public async Task A_reply_that_is_too_large_ends_a_stream_of_replies()
    {
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Expand = async (_, replies, _) =>
            {
                await replies.WriteAsync(new EchoReply { Number = 1 });
                await replies.WriteAsync(new EchoReply { Payload = FiveMegabytes.Payload });
            },
        });
        using AsyncServerStreamingCall<EchoReply> call = host.Client.Expand(new EchoRequest());
        Assert.True(await call.ResponseStream.MoveNext().Soon());

        RpcException failure = await Failing.With(StatusCode.ResourceExhausted, call.ResponseStream.MoveNext());

        Assert.Equal(ReceivedTooLarge, failure.Status.Detail);
    }

    [Theory]
    [InlineData("Say")]
    [InlineData("Collect")]
    public async Task A_length_past_the_limit_is_refused_before_its_bytes_arrive(string method)
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using var raw = new RawCall();
        using var body = new OpenContent(RawCall.Frame([], length: int.MaxValue));

        RawAnswer answer = await raw.SendAsync(host, body, method);

        Assert.Equal(("8", ReceivedTooLarge), (answer.Status, answer.Message));
    }

    [Theory]
    [InlineData("Say")]
    [InlineData("Collect")]
    public async Task A_request_that_ends_inside_a_message_is_an_error(string method)
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using var raw = new RawCall();

        RawAnswer inHeader = await raw.SendAsync(host, [0, 0, 0], method);
        RawAnswer inMessage = await raw.SendAsync(host, RawCall.Frame([1, 2, 3], length: 7), method);

        Assert.Equal(("13", "Incomplete message."), (inHeader.Status, inHeader.Message));
        Assert.Equal(("13", "Incomplete message."), (inMessage.Status, inMessage.Message));
    }

    [Fact]
    public async Task A_unary_request_is_one_message()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using var raw = new RawCall();
        byte[] frame = RawCall.Frame(new EchoRequest { Text = "once" });

        RawAnswer none = await raw.SendAsync(host, []);
        RawAnswer two = await raw.SendAsync(host, [.. frame, .. frame]);

        Assert.Equal(("13", "Incomplete message."), (none.Status, none.Message));
        Assert.Equal(("13", "Additional data after the message received."), (two.Status, two.Message));
    }

    [Fact]
    public async Task Bytes_that_are_no_message_fail_the_call_and_nothing_else()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using var raw = new RawCall();

        RawAnswer flag = await raw.SendAsync(host, RawCall.Frame([], flag: 7));
        RawAnswer content = await raw.SendAsync(host, RawCall.Frame([0xff, 0xff, 0xff, 0xff]));
        RawAnswer good = await raw.SendAsync(host, RawCall.Frame(new EchoRequest { Text = "still here" }));

        Assert.Equal("2", flag.Status);
        Assert.Equal("2", content.Status);
        Assert.Equal("still here", good.Reply.Text);
    }

    [Theory]
    [InlineData("text/plain", "Content-Type 'text/plain' is not supported.")]
    [InlineData("application/grpc-web", "Content-Type 'application/grpc-web' is not supported.")]
    [InlineData(null, "Content-Type is missing from the request.")]
    public async Task Another_content_type_is_refused(string? type, string expected)
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using var raw = new RawCall();

        RawAnswer answer = await raw.SendAsync(host, RawCall.Frame(new EchoRequest()), RawCall.Say, type);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.HttpStatus);
        Assert.Equal(("13", expected), (answer.Status, answer.Message));
    }

    [Theory]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc;charset=utf-8")]
    [InlineData("APPLICATION/GRPC")]
    public async Task The_content_type_may_have_variants(string type)
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using var raw = new RawCall();

        RawAnswer answer = await raw.SendAsync(host, RawCall.Frame(new EchoRequest()), RawCall.Say, type);

        Assert.Equal("0", answer.Status);
    }

    [Fact]
    public async Task Only_http2_and_only_post_are_taken()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        await using EchoHost old = await EchoHost.StartAsync(listen: endpoint => endpoint.Protocols = HttpProtocols.Http1);
        using var raw = new RawCall();

        RawAnswer put = await raw.SendAsync(
            host, RawCall.Frame(new EchoRequest()), RawCall.Say, method: HttpMethod.Put);
        RawAnswer http1 = await raw.SendAsync(
            old, RawCall.Frame(new EchoRequest()), RawCall.Say, version: HttpVersion.Version11);

        Assert.Equal(HttpStatusCode.NotFound, put.HttpStatus);
        Assert.Equal(HttpStatusCode.UpgradeRequired, http1.HttpStatus);
        Assert.Equal("Request protocol 'HTTP/1.1' is not supported.", http1.Message);
    }

    [Fact]
    public async Task A_stream_may_be_longer_than_the_largest_body()
    {
        await using EchoHost host = await EchoHost.StartAsync(limits: limits => limits.MaxRequestBodySize = 10_000);
        using AsyncClientStreamingCall<EchoRequest, EchoReply> call = host.Client.Collect();
        var kilobyte = new EchoRequest { Payload = ByteString.CopyFrom(new byte[1_000]) };

        for (int i = 0; i < 50; i++)
        {
            await call.RequestStream.WriteAsync(kilobyte).Soon();
        }

        await call.RequestStream.CompleteAsync().Soon();
        Assert.Equal(50, (await call.ResponseAsync.Soon()).Number);
    }

    [Fact]
    public async Task A_stream_may_be_slower_than_the_slowest_body()
    {
        // The shortest grace that Kestrel takes, checked once a second: after three the call would be gone.
        await using EchoHost host = await EchoHost.StartAsync(
            limits: limits => limits.MinRequestBodyDataRate = new MinDataRate(1_000_000, TimeSpan.FromSeconds(1.001)));
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> call = host.Client.Talk();
        Task<bool> reading = call.ResponseStream.MoveNext();
        await call.RequestStream.WriteAsync(new EchoRequest { Text = "a" }).Soon();
        Assert.True(await reading.Soon());
        reading = call.ResponseStream.MoveNext();

        Assert.NotSame(reading, await Task.WhenAny(reading, Task.Delay(3_000, TestContext.Current.CancellationToken)));

        await call.RequestStream.WriteAsync(new EchoRequest { Text = "b" }).Soon();
        Assert.True(await reading.Soon());
        Assert.Equal("b", call.ResponseStream.Current.Text);
    }
}
