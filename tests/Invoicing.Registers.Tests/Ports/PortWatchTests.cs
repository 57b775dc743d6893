using System.Collections.Immutable;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Ports;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Registers.Tests.Ports;

/// <summary>The watch over a told kernel and virtual time; at the end, over the real one.</summary>
[SupportedOSPlatform("linux")]
public sealed class PortWatchTests : IAsyncDisposable
{
    private static readonly ListedPort Ftdi = PortAddressTests.Usb("/dev/ttyUSB0", "1-1:1.0", 0x0403, 0x6001, "A1");

    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly FakeKernel _kernel = new();
    private ImmutableArray<ListedPort> _listing = [];
    private int _looks;
    private Task? _running;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_running is not null)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running.Soon());
        }

        _stop.Dispose();
        _kernel.Dispose();
    }

    [Fact]
    public async Task An_event_of_a_port_is_told_after_those_that_come_with_it()
    {
        PortWatch watch = await RunAsync(() => _kernel);
        Task changed = watch.Changed;
        for (int i = 0; i < 20; i++)
        {
            _kernel.Tell("add", i % 2 == 0 ? "tty" : "usb");
        }

        await Waiting.Until(() => _kernel.Waiting == 0 && _time.ArmedTimers == 1, "gathered");
        _time.Advance(PortWatch.GatherTime - TimeSpan.FromMilliseconds(1));
        Assert.False(changed.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        await changed.Soon();
        await Waiting.Until(() => _time.ArmedTimers == 1, "waiting for the next event");
        Assert.False(watch.Changed.IsCompleted);
        Assert.Equal(2, _looks);
    }

    [Fact]
    public async Task Events_of_other_devices_tell_nothing()
    {
        PortWatch watch = await RunAsync(() => _kernel);
        Task changed = watch.Changed;
        _kernel.Tell("add", "block");
        _kernel.Tell("change", "power_supply");
        await Waiting.Until(() => _kernel.Waiting == 0, "fetched");

        _time.Advance(PortWatch.CheckInterval);
        await Waiting.Until(() => _looks == 2 && _time.ArmedTimers == 1, "looked for safety");

        Assert.False(changed.IsCompleted);
    }

    [Fact]
    public async Task Lost_events_may_have_been_of_a_port()
    {
        PortWatch watch = await RunAsync(() => _kernel);
        Task changed = watch.Changed;
        _kernel.LoseSome();
        _kernel.Tell("add", "usb");
        await Waiting.Until(() => _kernel.Waiting == 0, "gathering");
        _time.Advance(PortWatch.GatherTime);
        await changed.Soon();
    }

    [Fact]
    public async Task A_storm_of_events_is_told_once_in_a_gathering()
    {
        PortWatch watch = await RunAsync(() => _kernel);
        int signals = 0;
        for (int round = 0; round < 5; round++)
        {
            Task changed = watch.Changed;
            for (int i = 0; i < 50; i++)
            {
                _kernel.Tell("change", "tty");
            }

            // The first ends the wait, so the others were fetched by the gathering.
            await Waiting.Until(() => _kernel.Waiting == 0, "gathering");
            _time.Advance(PortWatch.GatherTime);
            await changed.Soon();
            signals++;
            await Waiting.Until(() => _looks == signals + 1 && _time.ArmedTimers == 1, "looked once");
        }
    }

    [Fact]
    public async Task A_silent_kernel_is_made_up_for_by_looking()
    {
        PortWatch watch = await RunAsync(() => _kernel);
        Task changed = watch.Changed;
        _listing = [Ftdi];

        _time.Advance(PortWatch.CheckInterval - TimeSpan.FromMilliseconds(1));
        Assert.False(changed.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await changed.Soon();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_the_kernels_events_the_ports_are_looked_at_every_two_seconds(bool refused)
    {
        PortWatch watch = await RunAsync(() => refused ? throw new SocketException((int)SocketError.AccessDenied) : null);
        Task changed = watch.Changed;
        _time.Advance(PortWatch.PollInterval);
        await Waiting.Until(() => _looks == 2 && _time.ArmedTimers == 1, "looked");
        Assert.False(changed.IsCompleted);

        _listing = [Ftdi];
        _time.Advance(PortWatch.PollInterval);
        await changed.Soon();
        await Waiting.Until(() => _looks == 3 && _time.ArmedTimers == 1, "looked");

        changed = watch.Changed;
        _listing = [Ftdi with { Node = "/dev/ttyUSB1" }];
        _time.Advance(PortWatch.PollInterval);
        await changed.Soon();
    }

    [Fact]
    public async Task A_source_of_events_that_ends_is_followed_by_looking()
    {
        PortWatch watch = await RunAsync(() => _kernel);
        Task changed = watch.Changed;
        _kernel.Break();
        await changed.Soon();
        Assert.True(_kernel.IsDisposed);

        await Waiting.Until(() => _looks == 2 && _time.ArmedTimers == 1, "looking");
        changed = watch.Changed;
        _listing = [Ftdi];
        _time.Advance(PortWatch.PollInterval);
        await changed.Soon();
    }

    [Fact]
    public async Task A_follower_sees_the_ports_at_once_and_after_each_change()
    {
        _listing = [Ftdi];
        PortWatch watch = await RunAsync(() => null);
        await using IAsyncEnumerator<ImmutableArray<ListedPort>> follower = watch.FollowAsync(Cancel).GetAsyncEnumerator(Cancel);
        Assert.True(await follower.MoveNextAsync());
        Assert.Equal([Ftdi], follower.Current.AsEnumerable());

        ValueTask<bool> next = follower.MoveNextAsync();
        _listing = [];
        _time.Advance(PortWatch.PollInterval);

        Assert.True(await next.Soon());
        Assert.Empty(follower.Current);
    }

    [Fact]
    public async Task A_line_asks_it_for_the_node_of_now()
    {
        _listing = [Ftdi];
        PortWatch watch = await RunAsync(() => null);
        Assert.Equal("/dev/ttyUSB0", watch.Find("usb:0403:6001:A1"));
        _listing = [Ftdi with { Node = "/dev/ttyUSB1" }];
        Assert.Equal("/dev/ttyUSB1", watch.Find("usb:0403:6001:A1"));
        Assert.Equal("/dev/pts/0", watch.Find("/dev/pts/0"));

        LineUnavailableException fault = Assert.Throws<LineUnavailableException>(() => watch.Find("usb:dead:beef"));
        Assert.StartsWith("usb:dead:beef does not open: nothing that answers to usb:dead:beef is plugged in", fault.Message, StringComparison.Ordinal);
        Assert.StartsWith("usb: does not open: expected usb:VID:PID", Assert.Throws<LineUnavailableException>(() => watch.Find("usb:")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_real_kernel_is_heard()
    {
        using var events = NetlinkEvents.Open();
        byte[] buffer = new byte[KernelEvent.LongestDatagram];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task<int> receiving = events.ReceiveAsync(buffer, stop.Token).AsTask();
        try
        {
            File.WriteAllText("/sys/class/tty/ptmx/uevent", "change");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Only root may have the kernel tell something; that it can be waited for, and given up, is seen all the same.
            Assert.False(receiving.IsCompleted);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving.Soon());
            return;
        }

        var read = KernelEvent.Parse(buffer.AsSpan(0, await receiving.Soon()));
        while (read is not { Node: "ptmx" })
        {
            read = KernelEvent.Parse(buffer.AsSpan(0, await events.ReceiveAsync(buffer, stop.Token).Soon()));
        }

        Assert.Equal(("change", "tty"), (read.Action, read.Subsystem));
    }

    [Fact]
    public void The_real_machine_can_be_listed()
    {
        PortWatch watch = new(TimeProvider.System, NullLogger<PortWatch>.Instance);

        ImmutableArray<ListedPort> ports = watch.List();

        Assert.Equal(ports.Length, ports.Select(port => port.Node).Distinct().Count());
        Assert.All(ports, port => Assert.Equal(port.Node, PortAddress.Of(port, ports).Resolve(ports).Node));
    }

    private async Task<PortWatch> RunAsync(Func<IKernelEvents?> open)
    {
        PortWatch watch = new(
            () =>
            {
                Interlocked.Increment(ref _looks);
                return _listing;
            },
            open, _time, NullLogger<PortWatch>.Instance);
        _running = watch.RunAsync(_stop.Token);
        await Waiting.Until(() => _looks == 1 && _time.ArmedTimers == 1, "watching");
        return watch;
    }
}
