using Grpc.Core;
using Invoicing.Rpc.Tests.Hosting;
using Invoicing.Rpc.Tests.Protocol;

namespace Invoicing.Rpc.Tests.Calls;

public sealed class DeadlineTests
{
    private static readonly EchoRequest Hanging = new() { Hang = true };

    private static DateTime Soon => TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(300);

    [Fact]
    public async Task A_deadline_ends_a_call_of_each_kind()
    {
        await using EchoHost host = await EchoHost.StartAsync();

        await Failing.With(StatusCode.DeadlineExceeded, host.Client.SayAsync(Hanging, deadline: Soon).ResponseAsync);

        using AsyncClientStreamingCall<EchoRequest, EchoReply> collect = host.Client.Collect(deadline: Soon);
        await collect.RequestStream.WriteAsync(Hanging).Soon();
        await Failing.With(StatusCode.DeadlineExceeded, collect.ResponseAsync);

        using AsyncServerStreamingCall<EchoReply> expand =
            host.Client.Expand(new EchoRequest { Hang = true, Repeat = 1 }, deadline: Soon);
        Assert.True(await expand.ResponseStream.MoveNext().Soon());
        await Failing.With(StatusCode.DeadlineExceeded, expand.ResponseStream.MoveNext());

        using AsyncDuplexStreamingCall<EchoRequest, EchoReply> talk = host.Client.Talk(deadline: Soon);
        await talk.RequestStream.WriteAsync(Hanging).Soon();
        await Failing.With(StatusCode.DeadlineExceeded, talk.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.DeadlineExceeded, talk.GetStatus().StatusCode);
        await Failing.With(StatusCode.DeadlineExceeded, () => talk.RequestStream.WriteAsync(Hanging));
    }

    [Fact]
    public async Task The_handler_knows_the_deadline_and_is_cancelled_by_it()
    {
        DateTime deadline = Soon;
        var seen = new TaskCompletionSource<DateTime>();
        var cancelled = new TaskCompletionSource();
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Say = async (_, context) =>
            {
                seen.SetResult(context.Deadline);
                await using CancellationTokenRegistration registration = context.CancellationToken.Register(cancelled.SetResult);
                await cancelled.Task;
                return new EchoReply();
            },
        });

        await Failing.With(StatusCode.DeadlineExceeded, host.Client.SayAsync(new EchoRequest(), deadline: deadline).ResponseAsync);

        Assert.InRange((await seen.Task.Soon()) - deadline, TimeSpan.FromSeconds(-2), TimeSpan.FromSeconds(2));
        await cancelled.Task.Soon();
    }

    [Fact]
    public async Task A_call_without_a_deadline_has_none()
    {
        var seen = new TaskCompletionSource<DateTime>();
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Say = (_, context) =>
            {
                seen.SetResult(context.Deadline);
                return Task.FromResult(new EchoReply());
            },
        });

        await host.Client.SayAsync(new EchoRequest(), deadline: DateTime.MaxValue).ResponseAsync.Soon();

        Assert.Equal(DateTime.MaxValue, await seen.Task.Soon());
    }

    [Fact]
    public async Task The_server_ends_the_call_itself_if_the_caller_does_not()
    {
        var cancelled = new TaskCompletionSource();
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Say = async (_, context) =>
            {
                await using CancellationTokenRegistration registration = context.CancellationToken.Register(cancelled.SetResult);
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return new EchoReply();
            },
        });
        using var raw = new RawCall();

        RawAnswer answer = await raw.SendAsync(host, RawCall.Frame(new EchoRequest()), ("grpc-timeout", "200m"));

        Assert.Equal(("4", "Deadline Exceeded"), (answer.Status, answer.Message));
        await cancelled.Task.Soon();
    }

    [Fact]
    public async Task The_server_answers_even_if_its_handler_is_deaf()
    {
        var end = new TaskCompletionSource();
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Expand = async (_, replies, _) =>
            {
                await replies.WriteAsync(new EchoReply());
                await end.Task;
                await Assert.ThrowsAnyAsync<Exception>(() => replies.WriteAsync(new EchoReply()));
            },
        });
        using var raw = new RawCall();

        RawAnswer answer =
            await raw.SendAsync(host, RawCall.Frame(new EchoRequest()), "Expand", headers: ("grpc-timeout", "200m"));
        end.SetResult();

        Assert.Equal("4", answer.Status);
        Assert.Equal(5, answer.Body.Length);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("5")]
    [InlineData("-1S")]
    [InlineData("0S")]
    [InlineData("1x")]
    public async Task A_timeout_that_is_none_is_ignored(string timeout)
    {
        var seen = new TaskCompletionSource<DateTime>();
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Say = (_, context) =>
            {
                seen.SetResult(context.Deadline);
                return Task.FromResult(new EchoReply());
            },
        });
        using var raw = new RawCall();

        RawAnswer answer = await raw.SendAsync(host, RawCall.Frame(new EchoRequest()), ("grpc-timeout", timeout));

        Assert.Equal("0", answer.Status);
        Assert.Equal(DateTime.MaxValue, await seen.Task.Soon());
    }

    [Theory]
    [InlineData("2H", 2 * 3600)]
    [InlineData("3M", 3 * 60)]
    [InlineData("90S", 90)]
    [InlineData("60000m", 60)]
    [InlineData("50000000u", 50)]
    [InlineData("99999999S", 99_999_999)]
    [InlineData("99999999H", 99_999_999)]
    public async Task Each_unit_of_a_timeout_is_understood(string timeout, int seconds)
    {
        var seen = new TaskCompletionSource<DateTime>();
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Say = (_, context) =>
            {
                seen.SetResult(context.Deadline);
                return Task.FromResult(new EchoReply());
            },
        });
        using var raw = new RawCall();

        RawAnswer answer = await raw.SendAsync(host, RawCall.Frame(new EchoRequest()), ("grpc-timeout", timeout));

        Assert.Equal("0", answer.Status);
        DateTime expected = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(seconds);
        Assert.InRange((await seen.Task.Soon()) - expected, TimeSpan.FromSeconds(-10), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_deadline_that_has_passed_sends_nothing()
    {
        bool called = false;
        await using EchoHost host = await EchoHost.StartAsync(new Handlers
        {
            Say = (_, _) =>
            {
                called = true;
                return Task.FromResult(new EchoReply());
            },
        });

        await Failing.With(
            StatusCode.DeadlineExceeded,
            host.Client.SayAsync(new EchoRequest(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-1)).ResponseAsync);
        await Failing.With(
            StatusCode.DeadlineExceeded, host.Client.SayAsync(new EchoRequest(), deadline: DateTime.MinValue).ResponseAsync);

        Assert.False(called);
    }

    [Fact]
    public async Task A_deadline_in_local_time_is_refused()
    {
        await using EchoHost host = await EchoHost.StartAsync();

        Assert.Throws<InvalidOperationException>(
            () => host.Client.SayAsync(new EchoRequest(), deadline: new DateTime(2026, 7, 1, 8, 0, 0, DateTimeKind.Local)));
    }
}
