using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Invoicing.Rpc.Tests.Calls;
using Invoicing.Rpc.Tests.Hosting;
using Invoicing.Rpc.Tests.Protocol;

namespace Invoicing.Rpc.Tests.Stricter;

/// <summary>
/// Where this layer promises more than the packages it stands in for, which unpack without a bound. Left out with FullFeed.
/// </summary>
[Collection(nameof(DecompressionTests))]
[CollectionDefinition(nameof(DecompressionTests), DisableParallelization = true)]
public sealed class DecompressionTests
{
    // 64 MB of zeros in 64 KB: a thousand times what it says.
    private static readonly byte[] Bomb = CompressionTests.Gzip(
        new EchoRequest { Payload = ByteString.CopyFrom(new byte[64_000_000]) }.ToByteArray());

    [Fact]
    public async Task A_request_that_unpacks_past_the_limit_is_refused_before_it_is_unpacked()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using var raw = new RawCall();
        byte[] request = RawCall.Frame(Bomb, flag: 1);
        long before = GC.GetTotalAllocatedBytes();

        RawAnswer answer = await raw.SendAsync(host, request, ("grpc-encoding", "gzip"));

        Assert.Equal(("8", "Received message exceeds the maximum configured message size."), (answer.Status, answer.Message));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 40_000_000);
    }

    [Fact]
    public async Task A_reply_that_unpacks_past_the_limit_is_refused()
    {
        using var channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
        {
            HttpHandler = new FixedResponse(() =>
            {
                HttpResponseMessage response =
                    FixedResponse.Of(HttpStatusCode.OK, "application/grpc", RawCall.Frame(Bomb, flag: 1), ("grpc-status", "0"));
                response.Headers.TryAddWithoutValidation("grpc-encoding", "gzip");
                return response;
            }),
        });

        RpcException failure = await Failing.With(
            StatusCode.ResourceExhausted, new EchoService.EchoServiceClient(channel).SayAsync(new EchoRequest()).ResponseAsync);

        Assert.Equal("Received message exceeds the maximum configured message size.", failure.Status.Detail);
    }

    [Fact]
    public async Task A_length_past_31_bits_is_a_message_that_is_too_large()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using var raw = new RawCall();

        RawAnswer answer = await raw.SendAsync(host, RawCall.Frame([1, 2, 3], length: uint.MaxValue));

        Assert.Equal("8", answer.Status);
    }
}
