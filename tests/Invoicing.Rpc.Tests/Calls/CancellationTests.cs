using Grpc.Core;
using Grpc.Net.Client;
using Invoicing.Rpc.Tests.Hosting;
using Invoicing.Rpc.Tests.Protocol;

namespace Invoicing.Rpc.Tests.Calls;

public sealed class CancellationTests
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Handlers Hanging => new()
    {
        Say = async (_, context) =>
        {
            await HangAsync(context);
            return new EchoReply();
        },
        Collect = async (_, context) =>
        {
            await HangAsync(context);
            return new EchoReply();
        },
        Expand = (_, _, context) => HangAsync(context),
        Talk = (_, _, context) => HangAsync(context),
    };

    [Fact]
    public async Task A_token_cancels_a_unary_call_on_both_sides()
    {
        await using EchoHost host = await EchoHost.StartAsync(Hanging);
        using var stop = new CancellationTokenSource();
        using AsyncUnaryCall<EchoReply> call = host.Client.SayAsync(new EchoRequest(), cancellationToken: stop.Token);
        await _begun.Task.Soon();

        await stop.CancelAsync();

        RpcException failure = await Failing.With(StatusCode.Cancelled, call.ResponseAsync);
        Assert.Equal("Call canceled by the client.", failure.Status.Detail);
        await _cancelled.Task.Soon();
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task A_token_cancels_a_stream_of_requests_on_both_sides()
    {
        await using EchoHost host = await EchoHost.StartAsync(Hanging);
        using var stop = new CancellationTokenSource();
        using AsyncClientStreamingCall<EchoRequest, EchoReply> call = host.Client.Collect(cancellationToken: stop.Token);
        await call.RequestStream.WriteAsync(new EchoRequest()).Soon();
        await _begun.Task.Soon();

        await stop.CancelAsync();

        await Failing.With(StatusCode.Cancelled, call.ResponseAsync);
        await Failing.With(StatusCode.Cancelled, () => call.RequestStream.WriteAsync(new EchoRequest()));
        await _cancelled.Task.Soon();
    }

    [Fact]
    public async Task A_token_cancels_a_stream_of_replies_on_both_sides()
    {
        await using EchoHost host = await EchoHost.StartAsync(Hanging);
        using var stop = new CancellationTokenSource();
        using AsyncServerStreamingCall<EchoReply> call = host.Client.Expand(new EchoRequest(), cancellationToken: stop.Token);
        Task<bool> reading = call.ResponseStream.MoveNext();
        await _begun.Task.Soon();

        await stop.CancelAsync();

        await Failing.With(StatusCode.Cancelled, reading);
        await _cancelled.Task.Soon();
    }

    [Fact]
    public async Task A_token_of_one_read_cancels_the_whole_call()
    {
        await using EchoHost host = await EchoHost.StartAsync(Hanging);
        using var stop = new CancellationTokenSource();
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> call = host.Client.Talk();
        Task<bool> reading = call.ResponseStream.MoveNext(stop.Token);
        await _begun.Task.Soon();

        await stop.CancelAsync();

        await Failing.With(StatusCode.Cancelled, reading);
        await _cancelled.Task.Soon();
        await Failing.With(StatusCode.Cancelled, () => call.RequestStream.WriteAsync(new EchoRequest()));
    }

    [Fact]
    public async Task A_token_of_one_write_cancels_the_whole_call()
    {
        await using EchoHost host = await EchoHost.StartAsync(Hanging);
        using var stop = new CancellationTokenSource();
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> call = host.Client.Talk();
        await _begun.Task.Soon();
        var large = new EchoRequest { Payload = Google.Protobuf.ByteString.CopyFrom(new byte[8_000_000]) };
        Task writing = call.RequestStream.WriteAsync(large, stop.Token);

        await stop.CancelAsync();

        await Failing.With(StatusCode.Cancelled, writing);
        await _cancelled.Task.Soon();
    }

    [Fact]
    public async Task A_token_that_is_cancelled_already_sends_nothing()
    {
        await using EchoHost host = await EchoHost.StartAsync(Hanging);
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Failing.With(StatusCode.Cancelled, host.Client.SayAsync(new EchoRequest(), cancellationToken: stop.Token).ResponseAsync);
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> call = host.Client.Talk(cancellationToken: stop.Token);
        await Failing.With(StatusCode.Cancelled, () => call.RequestStream.WriteAsync(new EchoRequest()));
        await Failing.With(StatusCode.Cancelled, () => call.ResponseStream.MoveNext());

        Assert.False(_begun.Task.IsCompleted);
    }

    [Fact]
    public async Task Disposing_a_call_cancels_it_on_both_sides()
    {
        await using EchoHost host = await EchoHost.StartAsync(Hanging);
        AsyncDuplexStreamingCall<EchoRequest, EchoReply> call = host.Client.Talk();
        Task<bool> reading = call.ResponseStream.MoveNext();
        await _begun.Task.Soon();

        call.Dispose();

        RpcException failure = await Failing.With(StatusCode.Cancelled, reading);
        Assert.Equal("gRPC call disposed.", failure.Status.Detail);
        await _cancelled.Task.Soon();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => call.RequestStream.WriteAsync(new EchoRequest()));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Disposing_the_channel_cancels_its_calls()
    {
        await using EchoHost host = await EchoHost.StartAsync(Hanging);
        var channel = GrpcChannel.ForAddress(host.Address);
        using AsyncUnaryCall<EchoReply> call = new EchoService.EchoServiceClient(channel).SayAsync(new EchoRequest());
        await _begun.Task.Soon();

        channel.Dispose();

        await Failing.With(StatusCode.Cancelled, call.ResponseAsync);
        await _cancelled.Task.Soon();
        Assert.Throws<ObjectDisposedException>(() => new EchoService.EchoServiceClient(channel).SayAsync(new EchoRequest()));
    }

    [Fact]
    public async Task A_channel_may_throw_what_other_cancelled_things_throw()
    {
        await using EchoHost host =
            await EchoHost.StartAsync(Hanging, channel: new GrpcChannelOptions { ThrowOperationCanceledOnCancellation = true });
        using var stop = new CancellationTokenSource();
        using AsyncUnaryCall<EchoReply> unary = host.Client.SayAsync(new EchoRequest(), cancellationToken: stop.Token);
        await _begun.Task.Soon();
        DateTime soon = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(100);

        await stop.CancelAsync();

        OperationCanceledException cancelled =
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => unary.ResponseAsync.Soon());
        Assert.Equal(stop.Token, cancelled.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => host.Client.SayAsync(new EchoRequest(), deadline: soon).ResponseAsync.Soon());
        using AsyncServerStreamingCall<EchoReply> stream = host.Client.Expand(new EchoRequest(), cancellationToken: stop.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.ResponseStream.MoveNext().Soon());
    }

    [Fact]
    public async Task A_caller_that_vanishes_cancels_the_handler()
    {
        await using EchoHost host = await EchoHost.StartAsync(Hanging);
        using var handler = new SocketsHttpHandler();
        using (var channel = GrpcChannel.ForAddress(host.Address, new GrpcChannelOptions { HttpHandler = handler }))
        {
            AsyncDuplexStreamingCall<EchoRequest, EchoReply> call = new EchoService.EchoServiceClient(channel).Talk();
            await _begun.Task.Soon();
            handler.Dispose();
            call.Dispose();
        }

        await _cancelled.Task.Soon();
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_calls_with_an_error()
    {
        EchoHost host = await EchoHost.StartAsync(Hanging);
        using var channel = GrpcChannel.ForAddress(host.Address);
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> call = new EchoService.EchoServiceClient(channel).Talk();
        Task<bool> reading = call.ResponseStream.MoveNext();
        await _begun.Task.Soon();

        await host.DisposeAsync();

        await Assert.ThrowsAsync<RpcException>(() => reading.Soon());
        Assert.NotEqual(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task A_handler_that_aborts_resets_the_call()
    {
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Talk = (_, _, context) =>
            {
                context.GetHttpContext().Abort();
                return Task.CompletedTask;
            },
        });
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> call = host.Client.Talk();

        await Failing.With(StatusCode.Internal, call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task A_handler_cannot_write_once_its_caller_is_gone()
    {
        var outcome = new TaskCompletionSource<Exception>();
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Expand = async (_, replies, context) =>
            {
                await replies.WriteAsync(new EchoReply());
                await Waiting.Until(() => context.CancellationToken.IsCancellationRequested, "cancelled");
                outcome.SetResult(await Assert.ThrowsAnyAsync<Exception>(() => replies.WriteAsync(new EchoReply())));
            },
        });
        AsyncServerStreamingCall<EchoReply> call = host.Client.Expand(new EchoRequest());
        Assert.True(await call.ResponseStream.MoveNext().Soon());

        call.Dispose();

        Assert.IsType<InvalidOperationException>(await outcome.Task.Soon());
    }

    private async Task HangAsync(ServerCallContext context)
    {
        await using CancellationTokenRegistration registration = context.CancellationToken.Register(() => _cancelled.TrySetResult());
        _begun.TrySetResult();
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
    }
}
