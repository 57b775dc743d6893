using Grpc.Core;
using Grpc.Core.Interceptors;
using Invoicing.Rpc.Tests.Hosting;
using Invoicing.Rpc.Tests.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace Invoicing.Rpc.Tests.Calls;

public sealed class InterceptorTests
{
    private readonly List<string> _trace = [];

    [Fact]
    public async Task Interceptors_of_the_caller_see_each_kind_of_call_in_their_order()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        var client = new EchoService.EchoServiceClient(
            host.Channel.Intercept(new ClientTrace("outer", _trace), new ClientTrace("inner", _trace)));

        await client.SayAsync(new EchoRequest()).ResponseAsync.Soon();
        using AsyncClientStreamingCall<EchoRequest, EchoReply> collect = client.Collect();
        await collect.RequestStream.CompleteAsync().Soon();
        await collect.ResponseAsync.Soon();
        using AsyncServerStreamingCall<EchoReply> expand = client.Expand(new EchoRequest());
        Assert.False(await expand.ResponseStream.MoveNext().Soon());
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> talk = client.Talk();
        await talk.RequestStream.CompleteAsync().Soon();
        Assert.False(await talk.ResponseStream.MoveNext().Soon());
        await Task.Run(() => client.Say(new EchoRequest())).Soon();

        Assert.Equal(
            ["outer Say", "inner Say", "outer Collect", "inner Collect", "outer Expand", "inner Expand", "outer Talk", "inner Talk",
                "outer blocking Say", "inner blocking Say"],
            _trace);
    }

    [Fact]
    public async Task A_caller_may_add_headers_to_every_call()
    {
        var seen = new TaskCompletionSource<string?>();
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Say = (_, context) =>
            {
                seen.SetResult(context.RequestHeaders.GetValue("x-shop"));
                return Task.FromResult(new EchoReply());
            },
        });
        var client = new EchoService.EchoServiceClient(host.Channel.Intercept(headers =>
        {
            headers.Add("x-shop", "7");
            return headers;
        }));

        await client.SayAsync(new EchoRequest()).ResponseAsync.Soon();

        Assert.Equal("7", await seen.Task.Soon());
    }

    [Fact]
    public async Task An_interceptor_of_the_caller_may_stand_before_the_reply()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        var client = new EchoService.EchoServiceClient(host.Channel.CreateCallInvoker().Intercept(new Shouting()));
        using AsyncUnaryCall<EchoReply> call = client.SayAsync(new EchoRequest { Text = "quiet" });

        Assert.Equal("QUIET", (await call).Text);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.NotNull(await call.ResponseHeadersAsync.Soon());
    }

    [Fact]
    public async Task Interceptors_of_the_server_see_each_kind_of_call_in_their_order()
    {
        await using EchoHost host = await EchoHost.StartAsync(
            server: options =>
            {
                options.Interceptors.Add<ServerTrace>("outer");
                options.Interceptors.Add<ServerTrace>("inner");
            },
            services: services => services.AddSingleton(_trace));

        await host.Client.SayAsync(new EchoRequest()).ResponseAsync.Soon();
        using AsyncClientStreamingCall<EchoRequest, EchoReply> collect = host.Client.Collect();
        await collect.RequestStream.CompleteAsync().Soon();
        await collect.ResponseAsync.Soon();
        using AsyncServerStreamingCall<EchoReply> expand = host.Client.Expand(new EchoRequest());
        Assert.False(await expand.ResponseStream.MoveNext().Soon());
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> talk = host.Client.Talk();
        await talk.RequestStream.CompleteAsync().Soon();
        Assert.False(await talk.ResponseStream.MoveNext().Soon());

        string[] expected = [.. new[] { "Say", "Collect", "Expand", "Talk" }
            .SelectMany(name => new[] { $"outer before {name}", $"inner before {name}", $"inner after {name}", $"outer after {name}" })];
        Assert.Equal(expected, _trace);
    }

    [Fact]
    public async Task An_interceptor_of_the_server_may_refuse_a_call()
    {
        await using EchoHost host = await EchoHost.StartAsync(
            server: options => options.Interceptors.Add<Bouncer>(), services: services => services.AddSingleton(new Bouncer()));

        RpcException failure = await Failing.With(StatusCode.PermissionDenied, host.Client.SayAsync(new EchoRequest()).ResponseAsync);

        Assert.Equal("closed", failure.Status.Detail);
    }

    [Fact]
    public async Task One_service_may_have_settings_of_its_own()
    {
        await using EchoHost host = await EchoHost.StartAsync(
            server: options => options.MaxReceiveMessageSize = 10,
            services: services => services.AddGrpc().AddServiceOptions<EchoServer>(options => options.MaxReceiveMessageSize = 1_000));

        await host.Client.SayAsync(new EchoRequest { Text = new string('x', 900) }).ResponseAsync.Soon();
        await Failing.With(
            StatusCode.ResourceExhausted, host.Client.SayAsync(new EchoRequest { Text = new string('x', 1_100) }).ResponseAsync);
    }

    private sealed class ClientTrace(string name, List<string> trace) : Interceptor
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            trace.Add($"{name} blocking {context.Method.Name}");
            return continuation(request, context);
        }

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            trace.Add($"{name} {context.Method.Name}");
            return continuation(request, context);
        }

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            trace.Add($"{name} {context.Method.Name}");
            return continuation(request, context);
        }

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            trace.Add($"{name} {context.Method.Name}");
            return continuation(context);
        }

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            trace.Add($"{name} {context.Method.Name}");
            return continuation(context);
        }
    }

    private sealed class Shouting : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            AsyncUnaryCall<TResponse> call = continuation(request, context);
            return new AsyncUnaryCall<TResponse>(
                ShoutAsync(call.ResponseAsync), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
        }

        private static async Task<TResponse> ShoutAsync<TResponse>(Task<TResponse> response)
        {
            TResponse reply = await response;
            if (reply is EchoReply echo)
            {
                echo.Text = echo.Text.ToUpperInvariant();
            }

            return reply;
        }
    }

    private sealed class ServerTrace(List<string> trace, string name) : Interceptor
    {
        public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            Note("before", context);
            TResponse response = await continuation(request, context);
            Note("after", context);
            return response;
        }

        public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            ServerCallContext context,
            ClientStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Note("before", context);
            TResponse response = await continuation(requestStream, context);
            Note("after", context);
            return response;
        }

        public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Note("before", context);
            await continuation(request, responseStream, context);
            Note("after", context);
        }

        public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Note("before", context);
            await continuation(requestStream, responseStream, context);
            Note("after", context);
        }

        private void Note(string when, ServerCallContext context) => trace.Add($"{name} {when} {context.Method.Split('/')[^1]}");
    }

    private sealed class Bouncer : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            throw new RpcException(new Status(StatusCode.PermissionDenied, "closed"));
    }
}
