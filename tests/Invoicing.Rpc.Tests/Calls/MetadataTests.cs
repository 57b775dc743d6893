using System.Text;
using Grpc.Core;
using Invoicing.Rpc.Tests.Hosting;
using Invoicing.Rpc.Tests.Protocol;

namespace Invoicing.Rpc.Tests.Calls;

public sealed class MetadataTests
{
    private static readonly byte[] Bytes = [0, 1, 2, 253, 254, 255, 10];

    [Fact]
    public async Task Text_and_bytes_go_both_ways()
    {
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Say = async (_, context) =>
            {
                await context.WriteResponseHeadersAsync(new Metadata
                {
                    { "x-head", context.RequestHeaders.GetValue("X-Text")! },
                    { "x-head-bin", context.RequestHeaders.GetValueBytes("x-data-bin")! },
                });
                context.ResponseTrailers.Add("x-trail", "after");
                context.ResponseTrailers.Add("x-trail-bin", Bytes);
                return new EchoReply();
            },
        });
        var headers = new Metadata { { "X-Text", "printable ~ASCII" }, { "x-data-bin", Bytes } };
        using AsyncUnaryCall<EchoReply> call = host.Client.SayAsync(new EchoRequest(), headers);

        Metadata received = await call.ResponseHeadersAsync.Soon();
        await call.ResponseAsync.Soon();

        Assert.Equal("printable ~ASCII", received.GetValue("x-head"));
        Assert.Equal(Bytes, received.GetValueBytes("x-head-bin"));
        Assert.Equal("after", call.GetTrailers().GetValue("x-trail"));
        Assert.Equal(Bytes, call.GetTrailers().GetValueBytes("x-trail-bin"));
        Assert.DoesNotContain(call.GetTrailers(), entry => entry.Key.StartsWith("grpc-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Headers_come_before_the_first_message_of_a_stream()
    {
        var go = new TaskCompletionSource();
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Talk = async (_, replies, context) =>
            {
                await context.WriteResponseHeadersAsync([new Metadata.Entry("x-welcome", "yes")]);
                await go.Task;
                await replies.WriteAsync(new EchoReply());
            },
        });
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> call = host.Client.Talk();

        Assert.Equal("yes", (await call.ResponseHeadersAsync.Soon()).GetValue("x-welcome"));
        go.SetResult();

        Assert.True(await call.ResponseStream.MoveNext().Soon());
    }

    [Fact]
    public async Task Headers_are_sent_once()
    {
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Say = async (_, context) =>
            {
                await context.WriteResponseHeadersAsync([]);
                await context.WriteResponseHeadersAsync([]);
                return new EchoReply();
            },
        },
        server => server.EnableDetailedErrors = true);

        RpcException failure = await Failing.With(StatusCode.Unknown, host.Client.SayAsync(new EchoRequest()).ResponseAsync);

        Assert.Contains("Response headers can only be sent once per call.", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trailers_of_an_error_reach_the_caller_with_it()
    {
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Say = (_, context) =>
            {
                context.ResponseTrailers.Add("x-own", "1");
                throw new RpcException(
                    new Status(StatusCode.Aborted, "again"), new Metadata { { "x-hint", "later" }, { "x-hint-bin", Bytes } });
            },
            Expand = async (_, replies, _) =>
            {
                await replies.WriteAsync(new EchoReply());
                throw new RpcException(new Status(StatusCode.Aborted, "again"), new Metadata { { "x-hint", "in the middle" } });
            },
        });

        RpcException early = await Failing.With(StatusCode.Aborted, host.Client.SayAsync(new EchoRequest()).ResponseAsync);
        using AsyncServerStreamingCall<EchoReply> stream = host.Client.Expand(new EchoRequest());
        Assert.True(await stream.ResponseStream.MoveNext().Soon());
        RpcException late = await Failing.With(StatusCode.Aborted, stream.ResponseStream.MoveNext());

        Assert.Equal("later", early.Trailers.GetValue("x-hint"));
        Assert.Equal(Bytes, early.Trailers.GetValueBytes("x-hint-bin"));
        Assert.Equal("1", early.Trailers.GetValue("x-own"));
        Assert.Equal("in the middle", late.Trailers.GetValue("x-hint"));
        Assert.Equal("in the middle", stream.GetTrailers().GetValue("x-hint"));
    }

    [Theory]
    [InlineData("AAEC/f7/Cg==")]
    [InlineData("AAEC/f7/Cg")]
    public async Task Bytes_are_understood_with_and_without_padding(string base64)
    {
        var seen = new TaskCompletionSource<byte[]?>();
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Say = (_, context) =>
            {
                seen.SetResult(context.RequestHeaders.GetValueBytes("x-data-bin"));
                return Task.FromResult(new EchoReply());
            },
        });
        using var raw = new RawCall();

        await raw.SendAsync(host, RawCall.Frame(new EchoRequest()), ("x-data-bin", base64));

        Assert.Equal(Bytes, await seen.Task.Soon());
    }

    [Fact]
    public async Task Several_values_of_a_trailer_stay_several()
    {
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Say = (_, context) =>
            {
                context.ResponseTrailers.Add("x-many", "one");
                context.ResponseTrailers.Add("x-many", "two");
                return Task.FromResult(new EchoReply());
            },
        });
        using AsyncUnaryCall<EchoReply> call = host.Client.SayAsync(new EchoRequest());
        await call.ResponseAsync.Soon();

        Assert.Equal(["one", "two"], call.GetTrailers().GetAll("x-many").Select(entry => entry.Value));
        Assert.Equal("two", call.GetTrailers().GetValue("x-many"));
    }

    [Fact]
    public async Task The_handler_sees_no_headers_of_the_protocol()
    {
        var seen = new TaskCompletionSource<string[]>();
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Say = (_, context) =>
            {
                seen.SetResult([.. context.RequestHeaders.Select(entry => entry.Key)]);
                return Task.FromResult(new EchoReply());
            },
        });

        await host.Client.SayAsync(
            new EchoRequest(), new Metadata { { "x-own", "1" } }, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1))
            .ResponseAsync.Soon();

        Assert.Equal(["user-agent", "x-own"], (await seen.Task.Soon()).Order());
    }

    [Fact]
    public async Task The_handler_knows_the_method_the_host_and_the_peer()
    {
        var seen = new TaskCompletionSource<(string Method, string Host, string Peer)>();
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Say = (_, context) =>
            {
                seen.SetResult((context.Method, context.Host, context.Peer));
                return Task.FromResult(new EchoReply());
            },
        });

        await host.Client.SayAsync(new EchoRequest()).ResponseAsync.Soon();

        (string method, string name, string peer) = await seen.Task.Soon();
        Assert.Equal("/invoicing.rpc.tests.v1.EchoService/Say", method);
        Assert.Equal(host.Address.Authority, name);
        Assert.StartsWith("ipv4:127.0.0.1:", peer, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_are_lower_case_and_say_whether_the_value_is_bytes()
    {
        var metadata = new Metadata { { "Some-Key", "v" }, { "Data-BIN", Bytes } };

        Assert.Equal(["some-key", "data-bin"], metadata.Select(entry => entry.Key));
        Assert.Equal([false, true], metadata.Select(entry => entry.IsBinary));
        Assert.Equal(Encoding.ASCII.GetBytes("v"), metadata[0].ValueBytes);
        Assert.Throws<InvalidOperationException>(() => metadata[1].Value);
        Assert.Throws<ArgumentException>(() => metadata.Add("no spaces", "v"));
        Assert.Throws<ArgumentException>(() => metadata.Add("text-bin", "v"));
        Assert.Throws<ArgumentException>(() => metadata.Add("bytes", Bytes));
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("x", "y"));
    }
}
