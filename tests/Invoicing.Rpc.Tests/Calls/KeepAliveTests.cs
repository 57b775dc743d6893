using Grpc.Core;
using Grpc.Net.Client;
using Invoicing.Rpc.Tests.Hosting;
using Invoicing.Rpc.Tests.Protocol;

namespace Invoicing.Rpc.Tests.Calls;

public sealed class KeepAliveTests
{
    [Fact]
    public async Task A_caller_that_pings_notices_a_dead_line()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        await using var line = new FreezableProxy(host.Address);
        using var channel = GrpcChannel.ForAddress(line.Address, new GrpcChannelOptions
        {
            DisposeHttpClient = true,
            HttpHandler = new SocketsHttpHandler
            {
                KeepAlivePingDelay = TimeSpan.FromSeconds(1),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(1),
            },
        });
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> call = new EchoService.EchoServiceClient(channel).Talk();
        await call.RequestStream.WriteAsync(new EchoRequest()).Soon();
        Assert.True(await call.ResponseStream.MoveNext().Soon());

        line.Freeze();

        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext().Soon());
        Assert.Contains("ping", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_pings_notices_a_dead_line()
    {
        var cancelled = new TaskCompletionSource();
        await using EchoHost host = await EchoHost.StartAsync(
            new Handlers
            {
                Talk = async (_, replies, context) =>
                {
                    await using CancellationTokenRegistration registration = context.CancellationToken.Register(cancelled.SetResult);
                    await replies.WriteAsync(new EchoReply());
                    await Task.Delay(Timeout.Infinite, context.CancellationToken);
                },
            },
            limits: limits =>
            {
                limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(1);
                limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(1);
            });
        await using var line = new FreezableProxy(host.Address);
        using var channel = GrpcChannel.ForAddress(line.Address);
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> call = new EchoService.EchoServiceClient(channel).Talk();
        Assert.True(await call.ResponseStream.MoveNext().Soon());

        line.Freeze();

        await cancelled.Task.Soon(TimeSpan.FromSeconds(30));
    }
}
