using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Invoicing.Rpc.Tests.Hosting;
using Invoicing.Rpc.Tests.Protocol;

namespace Invoicing.Rpc.Tests.Calls;

public sealed class StatusTests
{
    public static TheoryData<int> Failures => [.. Enumerable.Range(1, 16)];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Each_status_code_reaches_the_caller_of_each_kind(int code)
    {
        await using EchoHost host = await EchoHost.StartAsync();
        var request = new EchoRequest { Text = "why", FailWith = code, Repeat = 2 };
        var status = (StatusCode)code;

        RpcException unary = await Failing.With(status, host.Client.SayAsync(request).ResponseAsync);
        using AsyncClientStreamingCall<EchoRequest, EchoReply> collect = host.Client.Collect();
        await collect.RequestStream.WriteAsync(request).Soon();
        RpcException clientStream = await Failing.With(status, collect.ResponseAsync);
        using AsyncServerStreamingCall<EchoReply> expand = host.Client.Expand(request);
        Assert.True(await expand.ResponseStream.MoveNext().Soon());
        Assert.True(await expand.ResponseStream.MoveNext().Soon());
        RpcException serverStream = await Failing.With(status, expand.ResponseStream.MoveNext());
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> talk = host.Client.Talk();
        await talk.RequestStream.WriteAsync(request).Soon();
        RpcException duplex = await Failing.With(status, talk.ResponseStream.MoveNext());

        Assert.All([unary, clientStream, serverStream, duplex], failure => Assert.Equal("why", failure.Status.Detail));
        Assert.Equal(status, expand.GetStatus().StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Mã hóa đơn không hợp lệ")]
    [InlineData("100 % \"sure\"\r\n\tsecond line")]
    [InlineData("%41 is not A")]
    [InlineData("🧾 ~ \u007f")]
    public async Task The_detail_of_a_status_keeps_every_character(string detail)
    {
        await using EchoHost host = await EchoHost.StartAsync();

        RpcException failure = await Failing.With(
            StatusCode.NotFound, host.Client.SayAsync(new EchoRequest { Text = detail, FailWith = 5 }).ResponseAsync);

        Assert.Equal(detail, failure.Status.Detail);
    }

    [Fact]
    public async Task A_detail_travels_percent_encoded_as_utf8()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using var raw = new RawCall();

        RawAnswer answer = await raw.SendAsync(host, RawCall.Frame(new EchoRequest { Text = "é%\n~", FailWith = 9 }));

        Assert.Equal("9", answer.Status);
        Assert.Equal("%C3%A9%25%0A~", answer.Message);
        Assert.Equal(HttpStatusCode.OK, answer.HttpStatus);
        Assert.True(answer.Headers.ContainsKey("grpc-status"), "nothing else was sent, so the status stands in the headers");
    }

    [Theory]
    [InlineData(false, "Exception was thrown by handler.")]
    [InlineData(true, "Exception was thrown by handler. InvalidDataException: no such tax rate FormatException: 7 %")]
    public async Task An_unexpected_exception_is_told_only_if_wanted(bool detailed, string expected)
    {
        await using EchoHost host = await EchoHost.StartAsync(
            new Handlers { Say = (_, _) => throw new InvalidDataException("no such tax rate", new FormatException("7 %")) },
            server => server.EnableDetailedErrors = detailed);

        RpcException failure = await Failing.With(StatusCode.Unknown, host.Client.SayAsync(new EchoRequest()).ResponseAsync);

        Assert.Equal(expected, failure.Status.Detail);
    }

    [Fact]
    public async Task A_handler_may_set_the_status_instead_of_throwing()
    {
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Say = (_, context) =>
            {
                context.Status = new Status(StatusCode.DataLoss, "half of it");
                return Task.FromResult(new EchoReply());
            },
        });

        RpcException failure = await Failing.With(StatusCode.DataLoss, host.Client.SayAsync(new EchoRequest()).ResponseAsync);

        Assert.Equal("half of it", failure.Status.Detail);
    }

    [Fact]
    public async Task A_handler_that_returns_nothing_has_cancelled_the_call()
    {
        await using EchoHost host = await EchoHost.StartAsync(new Handlers { Say = (_, _) => Task.FromResult<EchoReply>(null!) });

        RpcException failure = await Failing.With(StatusCode.Cancelled, host.Client.SayAsync(new EchoRequest()).ResponseAsync);

        Assert.Equal("No message returned from method.", failure.Status.Detail);
    }

    [Fact]
    public async Task A_method_without_a_handler_is_unimplemented()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using var raw = new RawCall();

        RawAnswer method = await raw.SendAsync(host, [], "Shout");
        RawAnswer service = await raw.SendAsync(host, [], "/invoicing.v9.NoSuchService/Say");

        Assert.Equal(("12", "Method is unimplemented."), (method.Status, method.Message));
        Assert.Equal(("12", "Service is unimplemented."), (service.Status, service.Message));
    }

    [Fact]
    public async Task A_page_beside_the_service_is_left_alone()
    {
        await using EchoHost host = await EchoHost.StartAsync();
        using var raw = new RawCall();

        RawAnswer answer = await raw.SendAsync(host, [], "/pages/first", "text/plain");

        Assert.Equal(HttpStatusCode.NotFound, answer.HttpStatus);
        Assert.Null(answer.Status);
    }

    [Theory]
    [InlineData(400, nameof(StatusCode.Internal))]
    [InlineData(401, nameof(StatusCode.Unauthenticated))]
    [InlineData(403, nameof(StatusCode.PermissionDenied))]
    [InlineData(404, nameof(StatusCode.Unimplemented))]
    [InlineData(418, nameof(StatusCode.Unknown))]
    [InlineData(429, nameof(StatusCode.Unavailable))]
    [InlineData(500, nameof(StatusCode.Unknown))]
    [InlineData(502, nameof(StatusCode.Unavailable))]
    [InlineData(503, nameof(StatusCode.Unavailable))]
    [InlineData(504, nameof(StatusCode.Unavailable))]
    public async Task The_status_of_http_becomes_one_of_grpc(int http, string expectedName)
    {
        StatusCode expected = Enum.Parse<StatusCode>(expectedName);
        EchoService.EchoServiceClient client = ClientOf(() => FixedResponse.Of((HttpStatusCode)http, "text/html", [60]));

        RpcException failure = await Failing.With(expected, client.SayAsync(new EchoRequest()).ResponseAsync);
        using AsyncServerStreamingCall<EchoReply> stream = client.Expand(new EchoRequest());
        await Failing.With(expected, stream.ResponseStream.MoveNext());

        Assert.Equal($"Bad gRPC response. HTTP status code: {http}", failure.Status.Detail);
    }

    [Fact]
    public async Task An_answer_of_another_type_is_not_taken_for_messages()
    {
        EchoService.EchoServiceClient client = ClientOf(() => FixedResponse.Of(HttpStatusCode.OK, "text/html", [60]));

        RpcException failure = await Failing.With(StatusCode.Cancelled, client.SayAsync(new EchoRequest()).ResponseAsync);

        Assert.Equal("Bad gRPC response. Invalid content-type value: text/html", failure.Status.Detail);
    }

    [Fact]
    public async Task An_answer_without_a_status_is_no_success()
    {
        EchoService.EchoServiceClient client = ClientOf(
            () => FixedResponse.Of(HttpStatusCode.OK, "application/grpc", RawCall.Frame(new EchoReply { Text = "?" })));

        RpcException failure = await Failing.With(StatusCode.Cancelled, client.SayAsync(new EchoRequest()).ResponseAsync);

        Assert.Equal("No grpc-status found on response.", failure.Status.Detail);
    }

    [Fact]
    public async Task A_unary_answer_without_a_message_is_no_success()
    {
        EchoService.EchoServiceClient client = ClientOf(
            () => FixedResponse.Of(HttpStatusCode.OK, "application/grpc+proto", [], ("grpc-status", "0")));

        RpcException failure = await Failing.With(StatusCode.Internal, client.SayAsync(new EchoRequest()).ResponseAsync);

        Assert.Equal("Failed to deserialize response message.", failure.Status.Detail);
    }

    [Theory]
    [InlineData(3, "Unexpected end of content while reading the message header.")]
    [InlineData(7, "Unexpected end of content while reading the message content.")]
    public async Task An_answer_that_ends_inside_a_message_is_an_error(int cut, string expected)
    {
        byte[] frame = RawCall.Frame(new EchoReply { Text = "a longer text" });
        EchoService.EchoServiceClient client =
            ClientOf(() => FixedResponse.Of(HttpStatusCode.OK, "application/grpc", frame[..cut], ("grpc-status", "0")));

        RpcException unary = await Failing.With(StatusCode.Internal, client.SayAsync(new EchoRequest()).ResponseAsync);
        using AsyncServerStreamingCall<EchoReply> stream = client.Expand(new EchoRequest());
        RpcException streaming = await Failing.With(StatusCode.Internal, stream.ResponseStream.MoveNext());

        Assert.EndsWith(expected, unary.Status.Detail, StringComparison.Ordinal);
        Assert.EndsWith(expected, streaming.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_message_of_a_unary_answer_is_an_error()
    {
        byte[] frame = RawCall.Frame(new EchoReply { Text = "one" });
        EchoService.EchoServiceClient client =
            ClientOf(() => FixedResponse.Of(HttpStatusCode.OK, "application/grpc", [.. frame, .. frame], ("grpc-status", "0")));

        await Failing.With(StatusCode.Internal, client.SayAsync(new EchoRequest()).ResponseAsync);
    }

    [Fact]
    public async Task Nobody_at_the_address_means_unavailable()
    {
        EchoHost gone = await EchoHost.StartAsync();
        Uri address = gone.Address;
        await gone.DisposeAsync();
        using var channel = GrpcChannel.ForAddress(address);
        var client = new EchoService.EchoServiceClient(channel);

        RpcException unary = await Failing.With(StatusCode.Unavailable, client.SayAsync(new EchoRequest()).ResponseAsync);
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> talk = client.Talk();
        await Failing.With(StatusCode.Unavailable, talk.ResponseStream.MoveNext());
        await Failing.With(StatusCode.Unavailable, () => talk.RequestStream.WriteAsync(new EchoRequest()));

        Assert.NotEmpty(unary.Status.Detail);
    }

    [Fact]
    public async Task A_server_that_ends_a_call_early_stops_its_writer()
    {
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Collect = (_, _) => throw new RpcException(new Status(StatusCode.PermissionDenied, "not you")),
        });
        using AsyncClientStreamingCall<EchoRequest, EchoReply> call = host.Client.Collect();

        RpcException response = await Failing.With(StatusCode.PermissionDenied, call.ResponseAsync);
        RpcException write = await Failing.With(StatusCode.PermissionDenied, () => call.RequestStream.WriteAsync(new EchoRequest()));

        Assert.Equal("not you", response.Status.Detail);
        Assert.Equal("not you", write.Status.Detail);
    }

    [Fact]
    public async Task A_server_that_refuses_a_duplex_call_stops_its_writer()
    {
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Talk = (_, _, _) => throw new RpcException(new Status(StatusCode.Unauthenticated, "who?")),
        });
        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> call = host.Client.Talk();

        await Failing.With(StatusCode.Unauthenticated, call.ResponseStream.MoveNext());

        await Failing.With(StatusCode.Unauthenticated, () => call.RequestStream.WriteAsync(new EchoRequest()));
    }

    private static EchoService.EchoServiceClient ClientOf(Func<HttpResponseMessage> answer) =>
        new(GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = new FixedResponse(answer) }));
}
