using System.IO.Compression;
using Google.Protobuf;
using Grpc.Core;
using Invoicing.Rpc.Tests.Hosting;
using Invoicing.Rpc.Tests.Protocol;

namespace Invoicing.Rpc.Tests.Calls;

public sealed class CompressionTests
{
    private static readonly EchoRequest Compressible = new() { Text = new string('a', 10_000) };

    private static Metadata WithGzip => new() { { "grpc-internal-encoding-request", "gzip" } };

    internal static byte[] Gzip(byte[] message)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
        {
            gzip.Write(message);
        }

        return output.ToArray();
    }

    [Fact]
    public async Task Requests_and_replies_of_each_kind_may_be_compressed()
    {
        await using EchoHost host = await EchoHost.StartAsync(server: options => options.ResponseCompressionAlgorithm = "gzip");

        Assert.Equal(Compressible.Text, (await host.Client.SayAsync(Compressible, WithGzip).ResponseAsync.Soon()).Text);
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> call = host.Client.Talk(WithGzip);
        for (int i = 0; i < 3; i++)
        {
            await call.RequestStream.WriteAsync(Compressible).Soon();
            Assert.True(await call.ResponseStream.MoveNext().Soon());
            Assert.Equal(Compressible.Text, call.ResponseStream.Current.Text);
        }
    }

    [Fact]
    public async Task A_compressed_request_is_small_on_the_wire_and_says_so()
    {
        var seen = new TaskCompletionSource<string>();
        await using EchoHost host = await EchoHost.StartAsync(
            new Handlers
            {
                Say = (request, context) =>
                {
                    seen.SetResult(context.GetHttpContext().Request.Headers.GrpcEncoding.ToString());
                    return Task.FromResult(new EchoReply { Number = request.Text.Length });
                },
            },
            limits: limits => limits.MaxRequestBodySize = 2_000);

        EchoReply reply = await host.Client.SayAsync(Compressible, WithGzip).ResponseAsync.Soon();

        Assert.Equal(10_000, reply.Number);
        Assert.Equal("gzip", await seen.Task.Soon());
        await Assert.ThrowsAsync<RpcException>(() => host.Client.SayAsync(Compressible).ResponseAsync.Soon());
    }

    [Fact]
    public async Task Replies_are_compressed_only_for_callers_that_accept_it()
    {
        await using EchoHost host = await EchoHost.StartAsync(server: options => options.ResponseCompressionAlgorithm = "gzip");
        using var raw = new RawCall();

        RawAnswer plain = await raw.SendAsync(host, RawCall.Frame(Compressible));
        RawAnswer packed = await raw.SendAsync(host, RawCall.Frame(Compressible), ("grpc-accept-encoding", "identity, gzip"));

        Assert.False(plain.Headers.ContainsKey("grpc-encoding"));
        Assert.Equal(0, plain.Body[0]);
        Assert.Equal("gzip", packed.Headers["grpc-encoding"]);
        Assert.Equal(1, packed.Body[0]);
        Assert.True(packed.Body.Length < 1_000, $"{packed.Body.Length} bytes");
    }

    [Fact]
    public async Task A_handler_may_choose_the_encoding_and_spare_single_messages()
    {
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Expand = async (_, replies, context) =>
            {
                await context.WriteResponseHeadersAsync(WithGzip);
                await replies.WriteAsync(new EchoReply());
                replies.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
                await replies.WriteAsync(new EchoReply());
            },
        });
        using var raw = new RawCall();

        RawAnswer answer = await raw.SendAsync(host, RawCall.Frame(new EchoRequest()), "Expand");

        Assert.Equal("gzip", answer.Headers["grpc-encoding"]);
        Assert.Equal(1, answer.Body[0]);
        Assert.Equal([0, 0, 0, 0, 0], answer.Body[^5..]);
    }

    [Fact]
    public async Task A_caller_may_spare_single_messages()
    {
        var seen = new TaskCompletionSource<byte>();
        await using EchoHost host = await EchoHost.StartAsync();
        using AsyncClientStreamingCall<EchoRequest, EchoReply> call = host.Client.Collect(WithGzip);

        await call.RequestStream.WriteAsync(Compressible).Soon();
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        await call.RequestStream.WriteAsync(Compressible).Soon();
        await call.RequestStream.CompleteAsync().Soon();

        Assert.Equal(2, (await call.ResponseAsync.Soon()).Number);
    }

    [Fact]
    public async Task An_encoding_that_is_not_spoken_is_unimplemented_and_says_what_is()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using var raw = new RawCall();

        RawAnswer answer = await raw.SendAsync(host, RawCall.Frame([1, 2, 3], flag: 1), ("grpc-encoding", "snappy"));

        Assert.Equal("12", answer.Status);
        Assert.Equal("Unsupported grpc-encoding value 'snappy'. Supported encodings: identity, gzip, deflate", answer.Message);
        Assert.Equal("identity,gzip,deflate", answer.Headers["grpc-accept-encoding"].Replace(" ", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, "Request did not include grpc-encoding value with compressed message.")]
    [InlineData("identity", "Request sent 'identity' grpc-encoding value with compressed message.")]
    public async Task A_compressed_message_without_an_encoding_is_an_error(string? encoding, string expected)
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using var raw = new RawCall();

        RawAnswer answer = await raw.SendAsync(
            host, RawCall.Frame(Gzip([]), flag: 1), encoding is null ? [] : [("grpc-encoding", encoding)]);

        Assert.Equal(("13", expected), (answer.Status, answer.Message));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Both_usual_encodings_are_understood(string encoding)
    {
        await using EchoHost host = await EchoHost.StartAsync();
        byte[] message = Compressible.ToByteArray();
        var output = new MemoryStream();
        using (var zlib = new ZLibStream(output, CompressionLevel.Optimal))
        {
            zlib.Write(message);
        }

        using var raw = new RawCall();
        byte[] packed = encoding == "gzip" ? Gzip(message) : output.ToArray();
        RawAnswer answer = await raw.SendAsync(host, RawCall.Frame(packed, flag: 1), ("grpc-encoding", encoding));

        Assert.Equal("0", answer.Status);
        Assert.Equal(Compressible.Text, answer.Reply.Text);
    }

    [Fact]
    public async Task Bytes_that_are_no_gzip_fail_the_call()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using var raw = new RawCall();

        RawAnswer answer = await raw.SendAsync(host, RawCall.Frame([9, 9, 9, 9], flag: 1), ("grpc-encoding", "gzip"));

        Assert.Equal("2", answer.Status);
    }
}
