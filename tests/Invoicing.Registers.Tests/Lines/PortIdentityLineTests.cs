using System.Runtime.Versioning;
using Invoicing.Registers.Lines;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Registers.Tests.Lines;

/// <summary>Lines on ports that are named by what is plugged in, over real pseudo-terminals and virtual time.</summary>
[SupportedOSPlatform("linux")]
public sealed class PortIdentityLineTests : IDisposable
{
    private const string Address = "usb:0403:6001:A1";

    private readonly PseudoTerminal _terminal = new();
    private readonly ManualTime _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public async Task A_replugged_adapter_is_opened_at_once_where_it_is_now()
    {
        string? node = null;
        FakePorts ports = new(address => node ?? throw new LineUnavailableException(address, "nothing"));
        await using SerialLine line = Line(ports);
        Task<ILineConnection> connecting = line.ConnectAsync(Cancel).AsTask();
        foreach (int pause in (int[])[250, 500, 1000, 2000, 4000])
        {
            await Waiting.Until(() => _time.ArmedTimers == 1, "waiting for the next attempt");
            _time.Advance(TimeSpan.FromMilliseconds(pause));
        }

        await Waiting.Until(() => _time.ArmedTimers == 1, "in a pause of 5 s");
        node = _terminal.Path;
        ports.Signal();

        // Time stands: nothing but the signal opened it.
        await using ILineConnection connection = await connecting.Soon();
        Assert.Equal(0, _time.ArmedTimers);
        Assert.Equal(Address, line.Name);
        _terminal.Write("here"u8);
        Assert.Equal("here"u8.ToArray(), await Reading.ExactlyAsync(connection, 4));
    }

    [Fact]
    public async Task After_a_signal_the_pauses_begin_anew_because_a_nodes_permissions_come_after_it()
    {
        int attempts = 0;
        FakePorts ports = new(address =>
        {
            Interlocked.Increment(ref attempts);
            throw new LineUnavailableException(address, "no permission");
        });
        await using SerialLine line = Line(ports);
        using CancellationTokenSource stop = new();
        Task connecting = line.ConnectAsync(stop.Token).AsTask();
        int made = 0;
        foreach (int pause in (int[])[250, 500, 1000, 2000, 4000])
        {
            made++;
            await Waiting.Until(() => attempts == made && _time.ArmedTimers == 1, "waiting for the next attempt");
            _time.Advance(TimeSpan.FromMilliseconds(pause));
        }

        await Waiting.Until(() => attempts == 6 && _time.ArmedTimers == 1, "waiting for the next attempt");
        ports.Signal();
        await Waiting.Until(() => attempts == 7 && _time.ArmedTimers == 1, "tried at the signal");
        _time.Advance(ReopeningLine.ShortestPause);
        await Waiting.Until(() => attempts == 8, "tried again after the shortest pause");

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Soon());
    }

    [Fact]
    public async Task What_is_plugged_in_during_a_failing_attempt_is_not_slept_through()
    {
        bool plugged = false;
        FakePorts? ports = null;
        ports = new(address =>
        {
            if (plugged)
            {
                return _terminal.Path;
            }

            plugged = true;
            ports!.Signal();
            throw new LineUnavailableException(address, "nothing");
        });
        await using SerialLine line = Line(ports);

        await using ILineConnection connection = await line.ConnectAsync(Cancel).Soon();

        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact]
    public async Task A_cancelled_wait_ends_although_nothing_changes()
    {
        FakePorts ports = new(address => throw new LineUnavailableException(address, "nothing"));
        await using SerialLine line = Line(ports);
        using CancellationTokenSource stop = new();
        Task connecting = line.ConnectAsync(stop.Token).AsTask();
        await Waiting.Until(() => _time.ArmedTimers == 1, "waiting for the next attempt");

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Soon());
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact]
    public async Task An_adapter_that_moves_while_it_is_opened_is_not_used()
    {
        using PseudoTerminal other = new();
        int finds = 0;
        FakePorts ports = new(_ => Interlocked.Increment(ref finds) switch { 1 => other.Path, _ => _terminal.Path });
        OpeningLog<SerialLine> log = new();
        await using SerialLine line = new(new() { Path = Address, LockFolder = null }, _time, log, ports);
        Task<ILineConnection> connecting = line.ConnectAsync(Cancel).AsTask();
        await log.Failed.Soon();
        await Waiting.Until(() => _time.ArmedTimers == 1, "waiting for the next attempt");

        // What was opened first is free again.
        SerialPortHandle.Open(new() { Path = other.Path, LockFolder = null }).Dispose();

        _time.Advance(ReopeningLine.ShortestPause);
        await using ILineConnection connection = await connecting.Soon();
        _terminal.Write("x"u8);
        Assert.Equal("x"u8.ToArray(), await Reading.ExactlyAsync(connection, 1));
    }

    /// <summary>Which of two adapters a name means must not depend on which was plugged in first.</summary>
    [Fact]
    public async Task A_port_whose_name_comes_to_fit_a_second_one_is_let_go_until_that_is_gone()
    {
        string? refusal = null;
        string cause = LineUnavailableException.TooMany;
        int looks = 0;
        FakePorts ports = new(address =>
        {
            Interlocked.Increment(ref looks);
            return refusal is null ? _terminal.Path : throw new LineUnavailableException(address, refusal) { Cause = cause };
        });
        await using SerialLine line = Line(ports);
        await using ILineConnection connection = await line.ConnectAsync(Cancel).Soon();

        (refusal, cause) = ("nothing answers to it", "nothing answers to it");
        int before = looks;
        ports.Signal();
        await Waiting.Until(() => looks > before, "looked at again");
        _terminal.Write("kept"u8);
        Assert.Equal("kept"u8.ToArray(), await Reading.ExactlyAsync(connection, 4));

        (refusal, cause) = ("2 ports answer to it", LineUnavailableException.TooMany);
        ports.Signal();
        Assert.Equal(0, await connection.ReadAsync(new byte[1], Cancel).AsTask().Soon());
        Assert.True(connection.Gone.IsCancellationRequested);
        Task<ILineConnection> connecting = line.ConnectAsync(Cancel).AsTask();
        await Waiting.Until(
            () =>
            {
                _time.Advance(ReopeningLine.ShortestPause);
                return line.Trouble?.Contains("2 ports answer to it", StringComparison.Ordinal) == true;
            },
            "refused");
        refusal = null;
        ports.Signal();
        await using ILineConnection again = await connecting.Soon();
        _terminal.Write("again"u8);
        Assert.Equal("again"u8.ToArray(), await Reading.ExactlyAsync(again, 5));
    }

    [Fact]
    public void A_fault_names_the_address_and_the_node_of_now()
    {
        using var held = SerialPortHandle.Open(new() { Path = _terminal.Path, LockFolder = null });

        LineUnavailableException fault = Assert.Throws<LineUnavailableException>(
            () => SerialPortHandle.Open(new() { Path = Address, LockFolder = null }, _terminal.Path));

        Assert.Equal(Address, fault.Line);
        Assert.StartsWith($"{Address} does not open: {_terminal.Path}: in use by pid ", fault.Message, StringComparison.Ordinal);
    }

    private SerialLine Line(FakePorts ports) => new(new() { Path = Address, LockFolder = null }, _time, NullLogger<SerialLine>.Instance, ports);
}
