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

        EchoReply reply = await host.Client.SayAsync(new EchoRequest { Text = "bún chả" }).ResponseAsync.Soon();

        Assert.Equal("bún chả", reply.Text);
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
}
