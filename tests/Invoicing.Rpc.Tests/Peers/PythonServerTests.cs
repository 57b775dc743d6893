using System.Net.Security;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Invoicing.Rpc.Tests.Calls;
using Invoicing.Rpc.Tests.Hosting;
using Invoicing.Rpc.Tests.Protocol;

namespace Invoicing.Rpc.Tests.Peers;

/// <summary>Our client, served by grpcio.</summary>
public sealed class PythonServerTests
{
    [Fact]
    public async Task All_four_kinds_of_call_are_served()
    {
        await using Session session = await Session.StartAsync();
        EchoService.EchoServiceClient client = session.Client;

        EchoReply said = await client.SayAsync(new EchoRequest { Text = "phở", Payload = ByteString.CopyFrom(0, 1) }).ResponseAsync.Soon();
        using AsyncClientStreamingCall<EchoRequest, EchoReply> collect = client.Collect();
        foreach (string word in new[] { "a", "b", "c" })
        {
            await collect.RequestStream.WriteAsync(new EchoRequest { Text = word }).Soon();
        }

        await collect.RequestStream.CompleteAsync().Soon();
        EchoReply collected = await collect.ResponseAsync.Soon();
        using AsyncServerStreamingCall<EchoReply> expand = client.Expand(new EchoRequest { Repeat = 5 });
        List<int> expanded = await FourKindsTests.ReadNumbersAsync(expand.ResponseStream);
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> talk = client.Talk();
        for (int i = 1; i <= 3; i++)
        {
            await talk.RequestStream.WriteAsync(new EchoRequest { Text = $"{i}" }).Soon();
            Assert.True(await talk.ResponseStream.MoveNext().Soon());
            Assert.Equal((i, $"{i}"), (talk.ResponseStream.Current.Number, talk.ResponseStream.Current.Text));
        }

        await talk.RequestStream.CompleteAsync().Soon();
        Assert.False(await talk.ResponseStream.MoveNext().Soon());

        Assert.Equal(("phở", 2), (said.Text, said.Payload.Length));
        Assert.Equal((3, "a b c (0 bytes)"), (collected.Number, collected.Text));
        Assert.Equal([1, 2, 3, 4, 5], expanded);
    }

    [Fact]
    public async Task Errors_keep_their_code_and_text()
    {
        const string Detail = "Mã số 100 % sai\n🧾";
        await using Session session = await Session.StartAsync();
        for (int code = 1; code <= 16; code++)
        {
            var request = new EchoRequest { Text = Detail, FailWith = code, Repeat = 1 };

            RpcException unary = await Failing.With((StatusCode)code, session.Client.SayAsync(request).ResponseAsync);
            using AsyncServerStreamingCall<EchoReply> stream = session.Client.Expand(request);
            Assert.True(await stream.ResponseStream.MoveNext().Soon());
            RpcException streaming = await Failing.With((StatusCode)code, stream.ResponseStream.MoveNext());

            Assert.Equal(Detail, unary.Status.Detail);
            Assert.Equal(Detail, streaming.Status.Detail);
        }

        using GrpcChannel channel = session.Open();
        var nobody = new Method<string, string>(
            MethodType.Unary, "invoicing.v9.NoSuchService", "Say", Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        await Failing.With(
            StatusCode.Unimplemented,
            channel.CreateCallInvoker().AsyncUnaryCall(nobody, null, default, "?").ResponseAsync);
    }

    [Fact]
    public async Task A_deadline_and_a_cancellation_reach_the_server()
    {
        await using Session session = await Session.StartAsync();

        await Failing.With(
            StatusCode.DeadlineExceeded,
            session.Client.SayAsync(new EchoRequest { Hang = true }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(1))
                .ResponseAsync);
        Assert.Equal("cancelled", await session.Peer.ReadLineAsync());

        AsyncDuplexStreamingCall<EchoRequest, EchoReply> talk = session.Client.Talk();
        await talk.RequestStream.WriteAsync(new EchoRequest()).Soon();
        Assert.True(await talk.ResponseStream.MoveNext().Soon());
        await talk.RequestStream.WriteAsync(new EchoRequest { Hang = true }).Soon();
        Task<bool> reading = talk.ResponseStream.MoveNext();
        talk.Dispose();
        await Failing.With(StatusCode.Cancelled, reading);
    }

    [Fact]
    public async Task A_server_in_python_sees_a_cancelled_unary_call()
    {
        await using Session session = await Session.StartAsync();
        using var stop = new CancellationTokenSource();
        using AsyncUnaryCall<EchoReply> call = session.Client.SayAsync(
            new EchoRequest { Hang = true }, new Metadata { { "x-h-begun", "1" } }, cancellationToken: stop.Token);
        await call.ResponseHeadersAsync.Soon();

        await stop.CancelAsync();

        await Failing.With(StatusCode.Cancelled, call.ResponseAsync);
        Assert.Equal("cancelled", await session.Peer.ReadLineAsync());
    }

    [Fact]
    public async Task Metadata_goes_both_ways()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        await using Session session = await Session.StartAsync();
        using AsyncUnaryCall<EchoReply> call = session.Client.SayAsync(
            new EchoRequest(),
            new Metadata { { "x-h-text", "before" }, { "x-h-data-bin", bytes }, { "x-text", "after" }, { "x-data-bin", bytes } });

        Metadata headers = await call.ResponseHeadersAsync.Soon();
        await call.ResponseAsync.Soon();

        Assert.Equal("before", headers.GetValue("x-h-text"));
        Assert.Equal(bytes, headers.GetValueBytes("x-h-data-bin"));
        Assert.Equal("after", call.GetTrailers().GetValue("x-text"));
        Assert.Equal(bytes, call.GetTrailers().GetValueBytes("x-data-bin"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Messages_may_be_compressed_both_ways(string encoding)
    {
        var request = new EchoRequest { Text = new string('a', 100_000) };
        await using Session session = await Session.StartAsync(null, "--compression", encoding);
        var headers = new Metadata { { "grpc-internal-encoding-request", encoding } };

        Assert.Equal(request.Text, (await session.Client.SayAsync(request, headers).ResponseAsync.Soon()).Text);
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> talk = session.Client.Talk(headers);
        for (int i = 0; i < 3; i++)
        {
            await talk.RequestStream.WriteAsync(request).Soon();
            Assert.True(await talk.ResponseStream.MoveNext().Soon());
            Assert.Equal(request.Text, talk.ResponseStream.Current.Text);
        }
    }

    [Fact]
    public async Task Ten_megabytes_go_there_and_back_with_raised_limits()
    {
        var payload = ByteString.CopyFrom(new byte[10_000_000]);
        await using Session session = await Session.StartAsync(null, "--unlimited");
        using GrpcChannel generous = session.Open(limit: 16_000_000);

        EchoReply reply = await new EchoService.EchoServiceClient(generous)
            .SayAsync(new EchoRequest { Payload = payload }).ResponseAsync.Soon(TimeSpan.FromSeconds(60));

        Assert.Equal(payload.Length, reply.Payload.Length);
        await Failing.With(StatusCode.ResourceExhausted, session.Client.SayAsync(new EchoRequest { Payload = payload }).ResponseAsync);
    }

    [Fact]
    public async Task Ten_thousand_small_messages_keep_their_order()
    {
        const int Count = 10_000;
        await using Session session = await Session.StartAsync();
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> talk = session.Client.Talk();

        var writing = Task.Run(async () =>
        {
            for (int i = 0; i < Count; i++)
            {
                await talk.RequestStream.WriteAsync(new EchoRequest { Text = $"{i}" });
            }

            await talk.RequestStream.CompleteAsync();
        });
        for (int i = 0; i < Count; i++)
        {
            Assert.True(await talk.ResponseStream.MoveNext().Soon(TimeSpan.FromSeconds(30)));
            Assert.Equal($"{i}", talk.ResponseStream.Current.Text);
        }

        Assert.False(await talk.ResponseStream.MoveNext().Soon());
        await writing.Soon();
    }

    [Fact]
    public async Task A_server_in_python_knows_us_by_our_certificate()
    {
        using var certificates = new TestCertificates();
        await using Session session = await Session.StartAsync(certificates);

        EchoReply reply = await session.Client.SayAsync(new EchoRequest { Text = "who am I" }).ResponseAsync.Soon();

        Assert.Equal("device 7", reply.Text);
    }

    private sealed class Session : IAsyncDisposable
    {
        private readonly Uri _address;
        private readonly TestCertificates? _tls;
        private readonly GrpcChannel _channel;

        private Session(PythonPeer peer, Uri address, TestCertificates? tls)
        {
            Peer = peer;
            _address = address;
            _tls = tls;
            _channel = Open();
        }

        public PythonPeer Peer { get; }

        public EchoService.EchoServiceClient Client => new(_channel);

        public static async Task<Session> StartAsync(TestCertificates? tls = null, params string[] arguments)
        {
            (PythonPeer peer, Uri address) = await PythonPeer.ServeAsync(tls, arguments);
            return new Session(peer, address, tls);
        }

        public GrpcChannel Open(int limit = 4 * 1024 * 1024) => GrpcChannel.ForAddress(_address, new GrpcChannelOptions
        {
            MaxReceiveMessageSize = limit,
            DisposeHttpClient = true,
            HttpHandler = new SocketsHttpHandler
            {
                SslOptions = new SslClientAuthenticationOptions
                {
                    ClientCertificates = _tls is null ? null : [_tls.Client],
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => _tls!.IsIssued(certificate),
                },
            },
        });

        public async ValueTask DisposeAsync()
        {
            _channel.Dispose();
            await Peer.DisposeAsync();
        }
    }
}
